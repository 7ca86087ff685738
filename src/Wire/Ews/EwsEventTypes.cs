namespace Relay.Wire.Ews;

/// <summary>A set of event types, as asked for in EventTypes.</summary>
[Flags]
public enum EwsEventTypes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>CopiedEvent.</summary>
    Copied = 1,

    /// <summary>CreatedEvent.</summary>
    Created = 2,

    /// <summary>DeletedEvent.</summary>
    Deleted = 4,

    /// <summary>ModifiedEvent.</summary>
    Modified = 8,

    /// <summary>MovedEvent.</summary>
    Moved = 16,

    /// <summary>NewMailEvent.</summary>
    NewMail = 32,

    /// <summary>FreeBusyChangedEvent.</summary>
    FreeBusyChanged = 64,
}
