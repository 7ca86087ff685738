namespace Relay.Wire.Ews;

/// <summary>What happened, by the element's name.</summary>
public enum MailboxEventType
{
    /// <summary>CopiedEvent.</summary>
    Copied,

    /// <summary>CreatedEvent.</summary>
    Created,

    /// <summary>DeletedEvent.</summary>
    Deleted,

    /// <summary>ModifiedEvent.</summary>
    Modified,

    /// <summary>MovedEvent.</summary>
    Moved,

    /// <summary>NewMailEvent.</summary>
    NewMail,

    /// <summary>FreeBusyChangedEvent.</summary>
    FreeBusyChanged,

    /// <summary>StatusEvent: nothing happened.</summary>
    Status,

    /// <summary>An element that is not known.</summary>
    Unknown,
}
