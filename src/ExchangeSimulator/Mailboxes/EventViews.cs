namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>Which subscriptions see an event: from 2013 on, deletions look different to a subscription to all folders.</summary>
[Flags]
internal enum EventViews
{
    Listed = 1,
    All = 2,
    Both = Listed | All,
}
