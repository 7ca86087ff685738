using Relay.Store;

namespace Relay.Notifications;

/// <summary>What the worker remembers of a push subscription between two of its mails.</summary>
internal sealed record PushState(Subscription Subscription, LogPosition ReadTo, bool MailUnderWay)
{
    public bool IsIdle => !MailUnderWay && Subscription.State == SubscriptionState.Active;

    /// <summary>When a StatusEvent is due if nothing else is mailed before.</summary>
    public DateTimeOffset StatusDue => Subscription.LastActivityAt + TimeSpan.FromMinutes(Subscription.PeriodMinutes);
}
