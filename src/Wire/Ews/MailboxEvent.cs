namespace Relay.Wire.Ews;

/// <summary>One event of one mailbox, as Exchange tells it.</summary>
public sealed record MailboxEvent
{
    /// <summary>Which of the event elements it is.</summary>
    public required MailboxEventType Type { get; init; }

    /// <summary>Opaque position in the server's event table; null in streams, which carry none.</summary>
    public string? Watermark { get; init; }

    /// <summary>UTC. Neither unique nor rising across folders. The default for a StatusEvent, which has no time.</summary>
    public DateTimeOffset TimeStamp { get; init; }

    /// <summary>The object is a folder, else an item.</summary>
    public bool IsFolder { get; init; }

    /// <summary>The item or folder that the event is about; the default for a StatusEvent.</summary>
    public EwsId Object { get; init; }

    /// <summary>The folder that holds the object; after a deletion, the one that held it.</summary>
    public EwsId ParentFolder { get; init; }

    /// <summary>Moved and copied events only: the id before the move, or the original.</summary>
    public EwsId? OldObject { get; init; }

    /// <summary>Moved and copied events only: where the object was, or the original is.</summary>
    public EwsId? OldParentFolder { get; init; }

    /// <summary>Modified folders only; absent for folders that do not count, such as a calendar.</summary>
    public int? UnreadCount { get; init; }

    /// <summary>Unknown events only: the whole element, to be passed on untouched.</summary>
    public string? UnknownXml { get; init; }

    /// <summary>The event that says "nothing new".</summary>
    /// <param name="watermark">Where the subscription stands; null in streams.</param>
    public static MailboxEvent Status(string? watermark) => new() { Type = MailboxEventType.Status, Watermark = watermark };
}
