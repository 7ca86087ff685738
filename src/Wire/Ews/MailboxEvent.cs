namespace Relay.Wire.Ews;

/// <summary>One event of a mailbox as Exchange tells it.</summary>
public sealed record MailboxEvent
{
    /// <summary>What happened.</summary>
    public required MailboxEventType Type { get; init; }

    /// <summary>Exchange's watermark of the event, if it gave one.</summary>
    public string? Watermark { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset TimeStamp { get; init; }

    /// <summary>Whether the object is a folder.</summary>
    public bool IsFolder { get; init; }

    /// <summary>The item or folder.</summary>
    public EwsId Object { get; init; }

    /// <summary>The folder that holds it.</summary>
    public EwsId ParentFolder { get; init; }

    /// <summary>Its id before a move or copy.</summary>
    public EwsId? OldObject { get; init; }

    /// <summary>Its folder before a move or copy.</summary>
    public EwsId? OldParentFolder { get; init; }

    /// <summary>Unread items in a modified folder.</summary>
    public int? UnreadCount { get; init; }
}
