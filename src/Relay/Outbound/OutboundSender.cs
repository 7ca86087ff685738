using Microsoft.Extensions.Logging;
using Relay.Bounces;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Outbound;

/// <summary>One connection of a route, opened when there is a mail, kept while there are more, closed after 20 idle seconds.</summary>
internal sealed class OutboundSender(
    Route route, RouteQueue queue, IStore store, OutcomeSettling settling, EnvelopeIds envelopeIds, DeliveryOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan HangsAfter = TimeSpan.FromSeconds(30);

    private RouteConnection? _connection;
    private long _busySince;

    /// <summary>How long it has been busy with one mail; zero when it waits for one.</summary>
    public TimeSpan Busy => Volatile.Read(ref _busySince) is var since and > 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public bool IsIdle => Volatile.Read(ref _busySince) == 0;

    /// <param name="isNeeded">Asked between two mails; false ends it.</param>
    /// <param name="isMore">Called when there is another mail than the one just taken.</param>
    /// <param name="stopping">No mail is begun any more.</param>
    /// <param name="giveUp">What is under way is cut.</param>
    public async Task RunAsync(Func<OutboundSender, bool> isNeeded, Action isMore, CancellationToken stopping, CancellationToken giveUp)
    {
        while (isNeeded(this) && await NextAsync(isMore, stopping) is { } mail)
        {
            using var stage = StageTraces.Begin("send", mail.MessageId);
            var (held, outcome) = await TryDeliverAsync(mail, giveUp);
            stage?.SetTag("relay.outcome", SendOutcome.Describe(outcome));
            stage?.Stop();
            await EndAsync(held, outcome);
            Volatile.Write(ref _busySince, 0);
        }

        await CloseAsync();
    }

    private async Task EndAsync(OutboxMail mail, SendOutcome outcome)
    {
        var (left, hungFor) = queue.Done(mail, Judge(outcome), options.FirstRetry);
        if (outcome is SendOutcome.Tried tried)
        {
            outcome = tried = tried with { HungFor = hungFor };
            foreach (var behind in left)
            {
                await settling.AddAsync(behind, new SendOutcome.HeldUp(tried, options.FirstRetry));
            }
        }

        await settling.AddAsync(mail, outcome);
    }

    private async Task<OutboxMail?> NextAsync(Action isMore, CancellationToken stopping)
    {
        long since = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            if (queue.Take(out bool hasMore) is { } mail)
            {
                Volatile.Write(ref _busySince, time.GetTimestamp());
                if (hasMore)
                {
                    queue.Bell.Ring(); // one ring may have been for several
                    isMore();
                }

                return mail;
            }

            if (time.GetElapsedTime(since) >= IdleLimit)
            {
                return null;
            }

            try
            {
                await queue.Bell.WaitAsync(Poll, time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // What waits is put back by the worker.
                return null;
            }
        }

        return null;
    }

    /// <summary>The mail with the claim under which it was sent, and what became of it.</summary>
    private async Task<(OutboxMail Held, SendOutcome Outcome)> TryDeliverAsync(OutboxMail mail, CancellationToken giveUp)
    {
        try
        {
            if (await HoldAsync(mail, giveUp) is not { } held)
            {
                return (mail, new SendOutcome.ClaimLost());
            }

            mail = held;
            return (mail, await DeliverAsync(mail, giveUp));
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            await CloseAsync();
            return (mail, new SendOutcome.NotTried("cut while the relay was stopping", TimeSpan.Zero));
        }
        catch (Exception exception)
        {
            // Whatever it is, the others go on. Counted as an attempt, so that a mail that always fails is given up in the end.
            OutboundLog.SenderFailed(logger, mail.MessageId, exception);
            await CloseAsync();
            return (mail, new SendOutcome.Tried(new DeliveryOutcome.Deferred(DeliveryStage.Connect, null, exception.Message)));
        }
    }

    private async Task<SendOutcome> DeliverAsync(OutboxMail mail, CancellationToken giveUp)
    {
        var (content, isWithdrawn) = store.Read(transaction => (transaction.Outbox.Content(mail.Id), IsWithdrawn(transaction, mail)));
        if (isWithdrawn)
        {
            return new SendOutcome.Withdrawn();
        }

        if (content is null)
        {
            return new SendOutcome.Unsendable("its content is missing from the store");
        }

        if (!MailAddress.TryParse(mail.Recipient, out var recipient))
        {
            return new SendOutcome.Tried(
                new DeliveryOutcome.Refused(DeliveryStage.Recipient, new SmtpReply(553, new EnhancedStatus(5, 1, 3), "not an address")));
        }

        return await SendAsync(mail, recipient, content.Value, giveUp);
    }

    // Behind a slow domain a mail may wait in hand for longer than its claim lasts; sent on an old claim it would be sent twice.
    private async Task<OutboxMail?> HoldAsync(OutboxMail mail, CancellationToken giveUp) =>
        mail.ClaimedUntil - time.GetUtcNow() >= OutboundWorker.SlowestDelivery
            ? mail
            : await store.CommitAsync(transaction => transaction.Outbox.Renew(mail, time.GetUtcNow(), OutboundWorker.Lease), giveUp);

    // Nothing is mailed once a subscription has ended or is suspended, though its mail was claimed before; a suspended one is sent probes only.
    private static bool IsWithdrawn(IStoreTransaction transaction, OutboxMail mail) =>
        mail is { Kind: OutboxKind.Notification, SubscriptionId: { } id }
        && (transaction.Subscriptions.Find(id) is not { } subscription
            || subscription.State == SubscriptionState.Ended
            || (subscription.State == SubscriptionState.Suspended && mail.Sequence is not null));

    private MailEnvelope Envelope(OutboxMail mail, MailAddress recipient, bool isReported)
    {
        var reversePath = mail.ReversePath is not null && MailAddress.TryParse(mail.ReversePath, out var parsed) ? parsed : null;
        if (mail.Wishes is { Recipients: [var wishes, ..] } sender)
        {
            // RFC 3461 §5.2.1: all goes on as it came. §5.2.2: who wants to hear nothing is not named to a server that could not be told so.
            return new MailEnvelope(wishes.WantsNothing && !isReported ? null : reversePath, [recipient])
            {
                EnvelopeId = sender.EnvelopeId,
                Ret = sender.Ret,
                Notify = wishes.Notify,
                OriginalRecipient = wishes.OriginalRecipient,
            };
        }

        // What we are told about is what we can act on: the notifications and probes of a subscription (RFC 3461 §4).
        return mail is not { Kind: OutboxKind.Notification, SubscriptionId: not null } || reversePath is null
            ? new MailEnvelope(reversePath, [recipient])
            : new MailEnvelope(reversePath, [recipient])
            {
                EnvelopeId = envelopeIds.Create(mail.MessageId),
                Ret = "HDRS",
                Notify = mail.Sequence is null ? "SUCCESS,FAILURE" : "FAILURE,DELAY",
            };
    }

    private async Task<SendOutcome> SendAsync(OutboxMail mail, MailAddress recipient, ReadOnlyMemory<byte> content, CancellationToken giveUp)
    {
        while (true)
        {
            bool isUsed = _connection is { Connection.IsUsable: true };
            if (!await ConnectAsync(giveUp))
            {
                return new SendOutcome.NotTried(route.LastFailure, route.UntilNextTry);
            }

            var smarthost = _connection!.Smarthost;
            long asked = time.GetTimestamp();
            bool isReported = _connection.Connection.Capabilities.Has(SmtpExtensions.Dsn);
            var outcome = (await _connection.Connection.SendAsync(Envelope(mail, recipient, isReported), content, giveUp))[0];
            if (isUsed && IsStale(outcome))
            {
                continue; // on a new connection, once: only a used one can be stale
            }

            if (AboutSender(mail, outcome) is { } aboutSender)
            {
                smarthost.Health.Works();
                return new SendOutcome.Tried(aboutSender) { Smarthost = smarthost.Host, IsReported = isReported };
            }

            if (Troubles(outcome) is { } reason)
            {
                // It greeted us and takes no mail all the same: that is no fault of the mail's.
                await CloseAsync();
                smarthost.Health.Failed(reason);
                return new SendOutcome.NotTried(reason, route.UntilNextTry);
            }

            smarthost.Health.Works();
            return new SendOutcome.Tried(outcome) { Smarthost = smarthost.Host, IsReported = isReported, Took = time.GetElapsedTime(asked) };
        }
    }

    // RFC 5321 §3.8 and §4.5.3.2.7: a server may close what stands idle; that is met at the first command.
    private static bool IsStale(DeliveryOutcome outcome) =>
        outcome is DeliveryOutcome.Deferred { Stage: DeliveryStage.Mail, Reply: null or { Code: 421 } };

    // Of a mail that we pass on, and whose reverse-path is a stranger's, 554 will mean that. It must not keep all other mail waiting; and should it
    // mean us after all, it is not lost at once.
    private static DeliveryOutcome.Deferred? AboutSender(OutboxMail mail, DeliveryOutcome outcome) =>
        mail is { SubscriptionId: null, ReversePath: not null } && outcome is DeliveryOutcome.Refused { Stage: DeliveryStage.Mail, Reply: { Code: 554 } reply }
            ? new DeliveryOutcome.Deferred(DeliveryStage.Mail, reply, reply.ToString())
            : null;

    /// <summary>What is said to MAIL but not about the mail: commands it does not know or wants in another order, or AUTH (RFC 4954 §6).</summary>
    private static string? Troubles(DeliveryOutcome outcome) =>
        outcome is DeliveryOutcome.Refused { Stage: DeliveryStage.Mail, Reply.Code: 500 or 502 or 503 or 521 or 530 or 534 or 535 or 538 or 554 }
            or DeliveryOutcome.Deferred { Stage: DeliveryStage.Mail, Reply.Code: 421 }
            ? SendOutcome.Describe(outcome)
            : null;

    // A smarthost that asks the next server first and loses patience with it says 4yz in the end: that hangs too.
    private static LaneVerdict Judge(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Tried { Outcome: DeliveryOutcome.Deferred } tried when tried.Took > HangsAfter => LaneVerdict.Silent,
        SendOutcome.Tried { Outcome: DeliveryOutcome.Deferred } => LaneVerdict.Later,
        SendOutcome.Tried => LaneVerdict.Good,
        _ => LaneVerdict.None,
    };

    private async Task<bool> ConnectAsync(CancellationToken giveUp)
    {
        if (_connection is { Connection.IsUsable: true } current)
        {
            if (!route.HasBetterThan(current.Smarthost) || await route.ConnectAsync(current.Smarthost, giveUp) is not { } better)
            {
                return true;
            }

            await CloseAsync();
            _connection = better;
            return true;
        }

        await CloseAsync();
        _connection = await route.ConnectAsync(null, giveUp);
        return _connection is not null;
    }

    private async Task CloseAsync()
    {
        if (_connection is { Connection: var connection })
        {
            _connection = null;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            try
            {
                await connection.QuitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // Whoever does not say goodbye in time is left without.
                await connection.DisposeAsync();
            }
        }
    }
}
