namespace Relay.Wire.Ews;

/// <summary>What a subscriber may ask for. A StatusEvent cannot be asked for: it comes by itself.</summary>
[Flags]
public enum EwsEventTypes
{
    /// <summary>Nothing; the schema allows no subscription for it.</summary>
    None = 0,

    /// <summary><c>CopiedEvent</c></summary>
    Copied = 1,

    /// <summary><c>CreatedEvent</c></summary>
    Created = 2,

    /// <summary><c>DeletedEvent</c></summary>
    Deleted = 4,

    /// <summary><c>ModifiedEvent</c></summary>
    Modified = 8,

    /// <summary><c>MovedEvent</c></summary>
    Moved = 16,

    /// <summary><c>NewMailEvent</c>: delivered mail only, never an item that a client made.</summary>
    NewMail = 32,

    /// <summary><c>FreeBusyChangedEvent</c>; needs Exchange2010_SP1.</summary>
    FreeBusyChanged = 64,

    /// <summary>All seven.</summary>
    All = Copied | Created | Deleted | Modified | Moved | NewMail | FreeBusyChanged,
}
