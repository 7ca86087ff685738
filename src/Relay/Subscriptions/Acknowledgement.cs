using Relay.Store;

namespace Relay.Subscriptions;

/// <summary>What an acknowledgement changes. Any that comes from the owner renews a lease; only the one that is awaited lets the next mail go.</summary>
internal static class Acknowledgement
{
    /// <returns>What it came to, for the operator.</returns>
    public static string Take(IStoreTransaction transaction, Subscription subscription, long sequence, DateTimeOffset now)
    {
        if (subscription.State == SubscriptionState.Ended)
        {
            return "its subscription has ended";
        }

        var settings = SubscriptionSettings.Of(subscription);
        var renewed = SubscriptionLease.Renew(settings, now);
        if (settings.Awaited is not { } awaited || awaited.Sequence != sequence)
        {
            Save(renewed);
            return settings.DemandsAcknowledgement ? $"{sequence} again or late" : $"{sequence}";
        }

        // A repeat that has not gone out yet is no longer needed.
        transaction.Outbox.Delivered(awaited.OutboxId, "acknowledged", now);
        Save(renewed with { Awaited = null });
        return $"{sequence}, which was awaited";

        void Save(SubscriptionSettings changed)
        {
            if (changed != settings)
            {
                changed.Save(transaction, subscription);
            }
        }
    }

    /// <summary>Renews the lease of a subscription that has one.</summary>
    public static bool Renew(IStoreTransaction transaction, long id, DateTimeOffset now)
    {
        if (transaction.Subscriptions.Find(id) is not { State: not SubscriptionState.Ended } subscription
            || SubscriptionSettings.Of(subscription) is not { Lease: not null } settings)
        {
            return false;
        }

        SubscriptionLease.Renew(settings, now).Save(transaction, subscription);
        return true;
    }
}
