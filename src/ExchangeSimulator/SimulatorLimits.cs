namespace Relay.ExchangeSimulator;

/// <summary>Limits as throttling policies set them. All are unlimited by default but the one that the protocol's guidance names.</summary>
public sealed class SimulatorLimits
{
    /// <summary>Subscriptions of one mailbox; 20 in the cloud, 5000 on premises. ErrorExceededSubscriptionCount beyond.</summary>
    public int? Subscriptions { get; set; }

    /// <summary>Open streams of one account, or of one impersonated mailbox; 10 in the cloud, 3 on older servers.</summary>
    public int? Streams { get; set; }

    /// <summary>Requests of one account at once, streams aside; 27 as a rule, 10 on Exchange 2010.</summary>
    public int? Concurrency { get; set; }

    /// <summary>Subscription ids in one GetStreamingEvents request.</summary>
    public int IdsPerStream { get; set; } = 200;
}
