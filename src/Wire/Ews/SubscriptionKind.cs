namespace Relay.Wire.Ews;

/// <summary>How events reach the subscriber.</summary>
public enum SubscriptionKind
{
    /// <summary>The subscriber asks with GetEvents.</summary>
    Pull,

    /// <summary>The server sends SendNotification requests.</summary>
    Push,

    /// <summary>The subscriber holds a GetStreamingEvents request open.</summary>
    Streaming,
}
