namespace Relay.Store;

/// <summary>One bell for each kind of row that a stage waits for. Rows left by another process ring none: wait with a bound.</summary>
internal sealed class Bells
{
    public Bells() => Subscriptions = new SubscriptionBell(Events);

    public Bell Spool { get; } = new();

    public Bell Outbox { get; } = new();

    public Bell Events { get; } = new();

    /// <summary>Rings <see cref="Events"/> too: one worker waits for both.</summary>
    public SubscriptionBell Subscriptions { get; }
}
