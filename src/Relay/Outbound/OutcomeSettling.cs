using Microsoft.Extensions.Logging;
using Relay.Smtp.Client;
using Relay.Store;

namespace Relay.Outbound;

/// <summary>Stores what became of each mail, and rings for the subscription that waits for it.</summary>
internal sealed class OutcomeSettling(
    IStore store, SmarthostHealth health, RetrySchedule schedule, TimeProvider time, ILogger<OutcomeSettling> logger)
{
    /// <exception cref="StoreUnavailableException">The store stayed unavailable until <paramref name="giveUp"/> fired.</exception>
    public async Task SettleAsync(OutboxMail mail, SendOutcome outcome, CancellationToken giveUp)
    {
        var settle = Decide(mail, outcome, time.GetUtcNow());
        await store.SettleAsync(transaction => settle(transaction), time, logger, giveUp);
        if (mail.SubscriptionId is { } subscription)
        {
            store.Bells.Subscriptions.Ring(subscription);
        }
    }

    private Func<IStoreTransaction, bool> Decide(OutboxMail mail, SendOutcome outcome, DateTimeOffset now)
    {
        switch (outcome)
        {
            case SendOutcome.NotTried notTried:
                return transaction => transaction.Outbox.PutBack(mail.Id, now + health.UntilNextTry, notTried.Reason);
            case SendOutcome.Withdrawn:
                return transaction => transaction.Outbox.GiveUp(mail.Id, "its subscription has ended", now);
            case SendOutcome.Tried { Outcome: DeliveryOutcome.Delivered delivered }:
                OutboundLog.Delivered(logger, mail.MessageId, mail.Recipient, delivered.Reply.Code);
                return transaction => transaction.Outbox.Delivered(mail.Id, delivered.Reply.ToString(), now);
            case SendOutcome.Tried { Outcome: DeliveryOutcome.Refused refused }:
                OutboundLog.Refused(logger, mail.MessageId, mail.Recipient, refused.Stage, refused.Reply.Code);
                return transaction => NoteFailure(transaction, mail, SendOutcome.Describe(refused), now).GiveUp(mail.Id, SendOutcome.Describe(refused), now);
            case SendOutcome.Tried { Outcome: DeliveryOutcome.Deferred deferred }:
                return Defer(mail, SendOutcome.Describe(deferred), now);
            default:
                throw new InvalidOperationException("The cases of SendOutcome and DeliveryOutcome are closed.");
        }
    }

    private Func<IStoreTransaction, bool> Defer(OutboxMail mail, string note, DateTimeOffset now)
    {
        if (schedule.Next(mail.CreatedAt, mail.Attempts, now) is not { } next)
        {
            OutboundLog.GivenUp(logger, mail.MessageId, mail.Recipient, note);
            return transaction => NoteFailure(transaction, mail, note, now).GiveUp(mail.Id, note, now);
        }

        OutboundLog.Deferred(logger, mail.MessageId, mail.Recipient, note, next);
        return transaction => NoteFailure(transaction, mail, note, now).Retry(mail.Id, next, note);
    }

    private static IOutboxTable NoteFailure(IStoreTransaction transaction, OutboxMail mail, string note, DateTimeOffset now)
    {
        transaction.Outbox.NoteFailure(mail.Id, new FailedAttempt(now, note));
        return transaction.Outbox;
    }
}
