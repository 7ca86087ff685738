namespace Relay.Wire.Ews;

/// <summary>What an element inside a notification tells.</summary>
public enum MailboxEventType
{
    /// <summary>The object is a copy; the original is named too.</summary>
    Copied,

    /// <summary>The object is new in its folder.</summary>
    Created,

    /// <summary>The object is gone; its parent is where it was.</summary>
    Deleted,

    /// <summary>The object, or what a folder holds, has changed.</summary>
    Modified,

    /// <summary>The object has another parent, and an item another id.</summary>
    Moved,

    /// <summary>Mail was delivered.</summary>
    NewMail,

    /// <summary>The owner's free and busy times have changed.</summary>
    FreeBusyChanged,

    /// <summary>Nothing happened; it carries a watermark at most.</summary>
    Status,

    /// <summary>An element that the published schema does not have; kept as it came.</summary>
    Unknown,
}
