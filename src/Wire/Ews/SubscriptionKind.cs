namespace Relay.Wire.Ews;

/// <summary>How the subscriber wants to hear.</summary>
public enum SubscriptionKind
{
    /// <summary>It asks.</summary>
    Pull,

    /// <summary>It is told.</summary>
    Push,

    /// <summary>It holds a connection open.</summary>
    Streaming,
}
