namespace Relay.ExchangeSimulator.Subscriptions;

/// <summary>What became of one attempt to push.</summary>
internal enum PushOutcome
{
    /// <summary>Status 200 and OK.</summary>
    Accepted,

    /// <summary>Status 200 and Unsubscribe.</summary>
    Unsubscribed,

    /// <summary>Anything else: no answer, another status, a body that is no SendNotificationResult.</summary>
    Failed,
}
