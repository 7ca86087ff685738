using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>
/// A pull subscription ends after Timeout idle minutes, a streaming subscription when no stream was open for half an hour; a push subscription
/// lives until it is ended.
/// </summary>
internal static class SubscriptionLease
{
    /// <summary>Exchange tells no figure; as long as the longest stream.</summary>
    public const int StreamingIdleMinutes = 30;

    /// <summary>Why a subscription of a silent owner has ended.</summary>
    public const string Silent = "nothing was asked for within its Timeout";

    public static bool HasRunOut(IStoreTransaction transaction, Subscription subscription, DateTimeOffset now) =>
        subscription.Kind != SubscriptionKind.Push
        && now - subscription.LastActivityAt > TimeSpan.FromMinutes(subscription.PeriodMinutes)
        && transaction.Streams.Of(subscription.Id) is null;
}
