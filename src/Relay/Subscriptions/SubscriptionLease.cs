using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>A pull subscription ends after Timeout idle minutes; a push subscription lives until it is ended.</summary>
internal static class SubscriptionLease
{
    public static bool HasRunOut(Subscription subscription, DateTimeOffset now) =>
        subscription.Kind == SubscriptionKind.Pull
        && now - subscription.LastActivityAt > TimeSpan.FromMinutes(subscription.PeriodMinutes);
}
