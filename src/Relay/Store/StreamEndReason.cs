namespace Relay.Store;

/// <summary>Why a stream is closed. The numbers are stored.</summary>
internal enum StreamEndReason
{
    /// <summary>Its ConnectionTimeout has passed.</summary>
    TimeIsOver = 0,

    /// <summary>Another stream was opened for one of its subscriptions.</summary>
    TakenOver = 1,

    /// <summary>One of its subscriptions has ended.</summary>
    SubscriptionEnded = 2,
}
