using Microsoft.Extensions.Logging;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Notifications;

/// <summary>
/// What subscriptions need by the clock: the reminder and the end of a lease, the repeat of a notification that is not acknowledged and the end
/// when none helps, and the notice that tells an owner why a subscription was ended. Each look and what it leads to is one transaction.
/// </summary>
internal sealed class SubscriptionClock(IStore store, NotificationComposer composer, ILogger<SubscriptionClock> logger)
{
    private const int AtOnce = 100;

    // A reminder waits for the mail before it, which the mail server may not take for days.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookAgainWhileHeldBack = TimeSpan.FromMinutes(5);

    // A repeat that is due for longer was held up: by a pause, by the mail server, by the relay itself standing still.
    private static readonly TimeSpan OnTime = TimeSpan.FromMinutes(2);

    /// <summary>When the next is to be looked at; null when none is.</summary>
    public DateTimeOffset? NextLook { get; private set; }

    /// <param name="now">By the clock.</param>
    /// <param name="mailed">Subscriptions whose awaited notification the mail server has taken for the first time.</param>
    /// <param name="cancellationToken">Stops between two transactions.</param>
    public async Task RunAsync(DateTimeOffset now, List<long> mailed, CancellationToken cancellationToken)
    {
        if (mailed.Count > 0)
        {
            await store.CommitAsync(
                transaction =>
                {
                    mailed.Order().ToList().ForEach(id => Start(transaction, id, now)); // two relays hold rows in one order
                    return true;
                },
                cancellationToken);
        }

        (bool isDue, NextLook) = store.Read(transaction => (transaction.Subscriptions.Due(now, 1).Count > 0, transaction.Subscriptions.NextWake()));
        while (isDue)
        {
            var due = await store.CommitAsync(
                transaction =>
                {
                    var subscriptions = transaction.Subscriptions.Due(now, AtOnce);
                    foreach (var subscription in subscriptions)
                    {
                        Look(transaction, subscription, now);
                    }

                    return subscriptions;
                },
                cancellationToken);
            foreach (var subscription in due)
            {
                store.Bells.Subscriptions.Ring(subscription.Id);
            }

            isDue = due.Count == AtOnce;
            NextLook = store.Read(transaction => transaction.Subscriptions.NextWake());
        }
    }

    private static void Start(IStoreTransaction transaction, long id, DateTimeOffset now)
    {
        if (transaction.Subscriptions.Find(id) is { State: not SubscriptionState.Ended } subscription
            && SubscriptionSettings.IsReadable(subscription)
            && SubscriptionSettings.Of(subscription) is { Awaited: { MailedAt: null } awaited } settings)
        {
            (settings with { Awaited = awaited with { MailedAt = now } }).Save(transaction, subscription);
        }
    }

    private void Look(IStoreTransaction transaction, Subscription subscription, DateTimeOffset now)
    {
        if (subscription.State == SubscriptionState.Ended)
        {
            Tell(transaction, subscription, now);
            return;
        }

        if (!SubscriptionSettings.IsReadable(subscription))
        {
            transaction.Subscriptions.Wake(subscription.Id, null); // it is set aside (Worklist)
            return;
        }

        var settings = SubscriptionSettings.Of(subscription);
        var statusFrequency = TimeSpan.FromMinutes(subscription.PeriodMinutes);
        if (settings.LeaseEndsAt <= now)
        {
            End(transaction, subscription, EndReasons.LeaseOver, now);
        }
        else if (settings.Awaited is { } awaited && awaited.NextAt(statusFrequency) <= now)
        {
            Repeat(transaction, subscription, settings, awaited, now);
        }
        else if (!settings.Reminded && SubscriptionLease.ReminderAt(settings) <= now)
        {
            Remind(transaction, subscription, settings, now);
        }
        else
        {
            settings.Save(transaction, subscription);
        }
    }

    private static void End(IStoreTransaction transaction, Subscription subscription, string reason, DateTimeOffset now)
    {
        transaction.Subscriptions.End(subscription.Id, reason, now, tellOwner: true);
        transaction.Outbox.DropOfSubscription(subscription.Id);
    }

    private void Repeat(
        IStoreTransaction transaction, Subscription subscription, SubscriptionSettings settings, AwaitedAcknowledgement awaited, DateTimeOffset now)
    {
        var statusFrequency = TimeSpan.FromMinutes(subscription.PeriodMinutes);
        if (subscription.State != SubscriptionState.Active)
        {
            transaction.Subscriptions.Wake(subscription.Id, now + LookAgainWhileHeldBack);
        }
        else if (transaction.Outbox.HasMailUnderWay(subscription.Id))
        {
            Save(awaited.WaitAgain(now)); // no time to answer passes before the mail server has it
        }
        else if (awaited.NextAt(statusFrequency) + OnTime < now)
        {
            // Else the whole schedule would be made up for within seconds, and the subscription ended.
            Save(transaction.Outbox.Repeat(awaited.OutboxId) ? awaited.WaitAgain(now) : null);
        }
        else if (awaited.IsLast(statusFrequency))
        {
            End(transaction, subscription, EndReasons.NotAcknowledged, now);
        }
        else
        {
            // Where its row is gone the next mail goes, whose PreviousWatermark tells that one was lost.
            Save(transaction.Outbox.Repeat(awaited.OutboxId) ? awaited with { Repeats = awaited.Repeats + 1 } : null);
            NotificationLog.Repeated(logger, subscription.PublicId, awaited.Sequence);
        }

        void Save(AwaitedAcknowledgement? changed) => (settings with { Awaited = changed }).Save(transaction, subscription);
    }

    // Nothing is mailed while it is paused, nor before the mail that is under way; then its end is all it hears.
    private void Remind(IStoreTransaction transaction, Subscription subscription, SubscriptionSettings settings, DateTimeOffset now)
    {
        if (subscription.State != SubscriptionState.Active)
        {
            (settings with { Reminded = true }).Save(transaction, subscription);
        }
        else if (settings.Awaited is not null)
        {
            // Whatever becomes of the one that is awaited saves the settings, and so sets the next look.
            transaction.Subscriptions.Wake(subscription.Id, (settings with { Reminded = true }).NextLook(TimeSpan.FromMinutes(subscription.PeriodMinutes)));
        }
        else if (transaction.Outbox.HasMailUnderWay(subscription.Id))
        {
            var late = (now - SubscriptionLease.ReminderAt(settings)).GetValueOrDefault();
            transaction.Subscriptions.Wake(subscription.Id, now + (late < LookAgain ? LookAgain : late < LookAgainWhileHeldBack ? late : LookAgainWhileHeldBack));
        }
        else
        {
            string mailbox = transaction.Watches.AddressOf(subscription.MailboxId);
            if (Compose(subscription, () => composer.Remind(subscription, mailbox, settings.LeaseEndsAt!.Value, now)) is not { } mail)
            {
                (settings with { Reminded = true }).Save(transaction, subscription);
                return;
            }

            long outboxId = transaction.Outbox.Add(mail);
            long sequence = subscription.Sequence + 1;
            transaction.Subscriptions.Advance(subscription.Id, subscription.Cursor, sequence, now);
            var awaited = settings.DemandsAcknowledgement ? new AwaitedAcknowledgement(outboxId, sequence) : null;
            (settings with { Reminded = true, Awaited = awaited }).Save(transaction, subscription);
        }
    }

    private void Tell(IStoreTransaction transaction, Subscription subscription, DateTimeOffset now)
    {
        transaction.Subscriptions.Wake(subscription.Id, null);
        string mailbox = transaction.Watches.AddressOf(subscription.MailboxId);
        if (Compose(subscription, () => composer.End(subscription, mailbox, now)) is { } notice)
        {
            transaction.Outbox.Add(notice);
            NotificationLog.Ended(logger, subscription.PublicId, subscription.EndReason ?? "");
        }
    }

    // A mail that cannot be composed must not come up again and again, nor keep the other subscriptions waiting.
    private NewOutboxMail? Compose(Subscription subscription, Func<NewOutboxMail> compose)
    {
        try
        {
            return compose();
        }
        catch (Exception exception)
        {
            NotificationLog.NotTold(logger, subscription.PublicId, exception);
            return null;
        }
    }
}
