namespace Relay.Store;

/// <summary>Where a subscription stands. The numbers are stored.</summary>
internal enum SubscriptionState
{
    Active = 0,

    /// <summary>By its owner; nothing is mailed until it is resumed, and then everything that came meanwhile.</summary>
    Paused = 1,

    /// <summary>By us, since its mail bounces.</summary>
    Suspended = 2,

    /// <summary>For good.</summary>
    Ended = 3,
}
