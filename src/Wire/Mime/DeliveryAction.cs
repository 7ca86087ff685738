namespace Relay.Wire.Mime;

/// <summary>What became of a mail for one recipient (RFC 3464 §2.3.3).</summary>
public enum DeliveryAction
{
    /// <summary>Nothing legible was said.</summary>
    Unknown,

    /// <summary>Given up; also with a status of class 4, when trying took too long.</summary>
    Failed,

    /// <summary>Not delivered yet; trying goes on.</summary>
    Delayed,

    /// <summary>In the recipient's mailbox.</summary>
    Delivered,

    /// <summary>Passed on to where no reports come from.</summary>
    Relayed,

    /// <summary>Passed on to several others.</summary>
    Expanded,
}
