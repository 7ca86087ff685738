using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Relay.Bounces;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Outbound;

/// <summary>
/// Stores what became of each mail, and rings for the subscription that waits for it. Senders do not wait for the disk: what ended while the
/// last transaction was written goes into the next one. A crash repeats at most <see cref="MostUnsettled"/> mails, under their Message-IDs.
/// </summary>
internal sealed class OutcomeSettling(
    IStore store, RetrySchedule schedule, BounceBook bounces, ForwardReports forwards, TimeProvider time, ILogger<OutcomeSettling> logger)
{
    /// <summary>Beyond that senders wait.</summary>
    private const int MostUnsettled = 256;

    private readonly Channel<Ended> _ended = Channel.CreateBounded<Ended>(new BoundedChannelOptions(MostUnsettled) { SingleReader = true });

    public ValueTask AddAsync(OutboxMail mail, SendOutcome outcome) => _ended.Writer.WriteAsync(new Ended(mail, outcome));

    public void Complete() => _ended.Writer.Complete();

    /// <summary>Until <see cref="Complete"/>.</summary>
    /// <param name="giveUp">A store that is away is not waited for any longer; the claims run out, or the next start releases them.</param>
    public async Task RunAsync(CancellationToken giveUp)
    {
        var batch = new List<Ended>(MostUnsettled);
        while (await _ended.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < MostUnsettled && _ended.Reader.TryRead(out var ended))
            {
                batch.Add(ended);
            }

            await SettleAsync(batch, giveUp);
            batch.Clear();
        }
    }

    private async Task SettleAsync(List<Ended> batch, CancellationToken giveUp)
    {
        var now = time.GetUtcNow();
        var settlements = batch.ConvertAll(ended => (ended.Mail, Settle: Decide(ended.Mail, ended.Outcome, now)))
            .OrderBy(one => one.Mail.SubscriptionId).ToList(); // two relays hold rows in one order
        try
        {
            await store.SettleAsync(
                transaction =>
                {
                    settlements.ForEach(one => one.Settle(transaction));
                    return true;
                },
                time,
                logger,
                giveUp);
            Ring(batch);
        }
        catch (Exception exception) when (batch.Count > 1 && exception is not StoreUnavailableException)
        {
            // One of them cannot be stored; the others must not suffer for it.
            foreach (var ended in batch)
            {
                await SettleAsync([ended], giveUp);
            }
        }
        catch (Exception exception)
        {
            batch.ForEach(ended => OutboundLog.NotSettled(logger, ended.Mail.MessageId, exception));
        }
    }

    private void Ring(List<Ended> batch)
    {
        foreach (var ended in batch)
        {
            if (ended.Mail.SubscriptionId is { } subscription)
            {
                store.Bells.Subscriptions.Ring(subscription);
            }
        }
    }

    private Action<IStoreTransaction> Decide(OutboxMail mail, SendOutcome outcome, DateTimeOffset now)
    {
        switch (outcome)
        {
            case SendOutcome.NotTried notTried:
                return transaction => PutBack(transaction, mail, notTried, now);
            case SendOutcome.HeldUp heldUp:
                return HoldUp(mail, heldUp, now);
            case SendOutcome.ClaimLost:
                OutboundLog.ClaimLost(logger, mail.MessageId);
                return _ => { };
            case SendOutcome.Withdrawn:
                return transaction => transaction.Outbox.GiveUp(mail.Id, SendOutcome.Describe(outcome), now);
            case SendOutcome.Unsendable:
                return transaction => GiveUp(transaction, mail, null, SendOutcome.Describe(outcome), BounceKind.None, now);
            case SendOutcome.Tried { Outcome: DeliveryOutcome.Delivered delivered } tried:
                OutboundLog.Delivered(logger, mail.MessageId, mail.Recipient, delivered.Reply.Code);
                return transaction => Delivered(transaction, mail, tried, delivered.Reply, now);
            case SendOutcome.Tried { Outcome: DeliveryOutcome.Refused refused } tried:
                OutboundLog.Refused(logger, mail.MessageId, mail.Recipient, refused.Stage, refused.Reply.Code);
                return transaction => GiveUp(transaction, mail, tried, SendOutcome.Describe(refused), UndeliveredKinds.Of(refused), now);
            case SendOutcome.Tried { Outcome: DeliveryOutcome.Deferred deferred } tried:
                return Defer(mail, tried, SendOutcome.Describe(deferred), now);
            default:
                throw new InvalidOperationException("The cases of SendOutcome and DeliveryOutcome are closed.");
        }
    }

    private void Delivered(IStoreTransaction transaction, OutboxMail mail, SendOutcome.Tried tried, SmtpReply reply, DateTimeOffset now)
    {
        if (transaction.Outbox.Delivered(mail.Id, reply.ToString(), now))
        {
            forwards.Delivered(transaction, mail, tried, reply);
        }
    }

    private void PutBack(IStoreTransaction transaction, OutboxMail mail, SendOutcome.NotTried notTried, DateTimeOffset now)
    {
        if (transaction.Outbox.PutBack(mail, now + notTried.Wait, notTried.Reason))
        {
            forwards.Delayed(transaction, mail, null, now);
        }
    }

    private Action<IStoreTransaction> HoldUp(OutboxMail mail, SendOutcome.HeldUp heldUp, DateTimeOffset now)
    {
        string note = SendOutcome.Describe(heldUp);
        if (!schedule.IsOver(mail.CreatedAt, mail.Attempts - 1, now, heldUp.Other.HungFor))
        {
            return transaction => PutBack(transaction, mail, new SendOutcome.NotTried(note, heldUp.Wait), now);
        }

        OutboundLog.GivenUp(logger, mail.MessageId, mail.Recipient, note);
        return transaction =>
        {
            // It may have waited in hand for longer than its claim lasted; then another may be sending it.
            if (transaction.Outbox.Renew(mail, now, OutboundWorker.Lease) is not null)
            {
                GiveUp(transaction, mail, heldUp.Other, note, BounceKind.Hard, now);
            }
        };
    }

    private Action<IStoreTransaction> Defer(OutboxMail mail, SendOutcome.Tried tried, string note, DateTimeOffset now)
    {
        if (schedule.Next(mail.CreatedAt, mail.Attempts, now, tried.HungFor) is not { } next)
        {
            OutboundLog.GivenUp(logger, mail.MessageId, mail.Recipient, note);
            return transaction => GiveUp(transaction, mail, tried, note, BounceKind.Hard, now); // days of trying say enough
        }

        OutboundLog.Deferred(logger, mail.MessageId, mail.Recipient, note, next);
        return transaction =>
        {
            if (NoteFailure(transaction, mail, note, now).Retry(mail.Id, next, note))
            {
                forwards.Delayed(transaction, mail, tried, now);
            }
        };
    }

    private static IOutboxTable NoteFailure(IStoreTransaction transaction, OutboxMail mail, string note, DateTimeOffset now)
    {
        transaction.Outbox.NoteFailure(mail.Id, new FailedAttempt(now, note));
        return transaction.Outbox;
    }

    private void GiveUp(IStoreTransaction transaction, OutboxMail mail, SendOutcome.Tried? tried, string note, BounceKind kind, DateTimeOffset now)
    {
        NoteFailure(transaction, mail, note, now);
        // False: settled by another claimer, or a report was quicker; then it counts already.
        if (transaction.Outbox.GiveUp(mail.Id, note, now) && transaction.Outbox.Find(mail.Id) is { } entry)
        {
            if (kind != BounceKind.None)
            {
                bounces.NoteGivenUp(transaction, entry, kind, note, now);
            }

            forwards.GivenUp(transaction, mail, tried);
        }
    }

    private sealed record Ended(OutboxMail Mail, SendOutcome Outcome);
}
