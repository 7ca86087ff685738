using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>
/// A pull subscription ends after Timeout idle minutes, a streaming subscription when no stream was open for half an hour; a push subscription
/// lives until it is ended, unless its Access entry sets a lease.
/// </summary>
internal static class SubscriptionLease
{
    /// <summary>Exchange tells no figure; as long as the longest stream.</summary>
    public const int StreamingIdleMinutes = 30;

    private static readonly TimeSpan LongestReminder = TimeSpan.FromDays(3);

    public static bool HasRunOut(IStoreTransaction transaction, Subscription subscription, DateTimeOffset now) =>
        subscription.Kind != SubscriptionKind.Push
        && now - subscription.LastActivityAt > TimeSpan.FromMinutes(subscription.PeriodMinutes)
        && transaction.Streams.Of(subscription.Id) is null;

    /// <summary>When the last quarter of the lease begins, or its last three days.</summary>
    public static DateTimeOffset? ReminderAt(SubscriptionSettings settings) =>
        settings is { Lease: { } lease, LeaseEndsAt: { } end } ? end - (lease / 4 < LongestReminder ? lease / 4 : LongestReminder) : null;

    /// <summary>The whole lease from now on.</summary>
    public static SubscriptionSettings Renew(SubscriptionSettings settings, DateTimeOffset now) =>
        settings.Lease is { } lease ? settings with { LeaseEndsAt = now + lease, Reminded = false } : settings;
}
