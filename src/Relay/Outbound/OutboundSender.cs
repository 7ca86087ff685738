using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Outbound;

/// <summary>One connection to the smarthost, opened when there is a mail, kept while there are more, closed after 20 idle seconds.</summary>
internal sealed class OutboundSender(
    IStore store, SmarthostConnector connector, SmarthostHealth health, RetrySchedule schedule, TimeProvider time, ILogger<OutboundSender> logger)
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(20);
    private SmtpConnection? _connection;

    public async Task RunAsync(ChannelReader<OutboxMail> mails, CancellationToken stoppingToken)
    {
        while (await NextAsync(mails, stoppingToken) is { } mail)
        {
            await SettleAsync(mail, stoppingToken.IsCancellationRequested ? null : await DeliverAsync(mail, stoppingToken));
        }

        await CloseAsync();
    }

    private async Task<OutboxMail?> NextAsync(ChannelReader<OutboxMail> mails, CancellationToken stoppingToken)
    {
        while (true)
        {
            if (mails.TryRead(out var mail))
            {
                return mail;
            }

            try
            {
                var wait = mails.WaitToReadAsync(CancellationToken.None).AsTask();
                if (!await (_connection is null ? wait : wait.WaitAsync(IdleLimit, time, CancellationToken.None)))
                {
                    return null;
                }
            }
            catch (TimeoutException)
            {
                await CloseAsync();
            }
        }
    }

    private async Task<DeliveryOutcome?> DeliverAsync(OutboxMail mail, CancellationToken stoppingToken)
    {
        // Nothing is mailed once a subscription has ended: its rows are gone by then, though this one was claimed before.
        if (mail.SubscriptionId is not null && store.Read(transaction => transaction.Outbox.Find(mail.Id)) is null)
        {
            return null;
        }

        if (!MailAddress.TryParse(mail.Recipient, out var recipient))
        {
            return new DeliveryOutcome.Refused(DeliveryStage.Recipient, new SmtpReply(553, new EnhancedStatus(5, 1, 3), "not an address"));
        }

        if (_connection is not { IsUsable: true })
        {
            await CloseAsync();
            switch (await connector.ConnectAsync(stoppingToken))
            {
                case SmtpConnectResult.Connected connected:
                    _connection = connected.Connection;
                    health.Reached();
                    break;
                case SmtpConnectResult.Failed failed:
                    return failed.Outcome;
            }
        }

        var reversePath = mail.ReversePath is null ? null : MailAddress.TryParse(mail.ReversePath, out var parsed) ? parsed : null;
        var outcomes = await _connection!.SendAsync(new MailEnvelope(reversePath, [recipient]), mail.Content, stoppingToken);
        return outcomes[0];
    }

    private async Task SettleAsync(OutboxMail mail, DeliveryOutcome? outcome)
    {
        var settle = Decide(mail, outcome, time.GetUtcNow());
        try
        {
            await store.CommitAsync(transaction => settle(transaction.Outbox), CancellationToken.None);
            if (mail.SubscriptionId is { } subscription)
            {
                store.Bells.Subscriptions.Ring(subscription);
            }
        }
        catch (StoreUnavailableException exception)
        {
            // The claim runs out, or is released at the next start, and the mail is sent again under its Message-ID.
            OutboundLog.NotSettled(logger, mail.MessageId, exception.Fault, exception);
        }
    }

    private Func<IOutboxTable, bool> Decide(OutboxMail mail, DeliveryOutcome? outcome, DateTimeOffset now)
    {
        switch (outcome)
        {
            case null:
                return outbox => outbox.Retry(mail.Id, now, "not sent: the relay was stopping");
            case DeliveryOutcome.Delivered delivered:
                OutboundLog.Delivered(logger, mail.MessageId, mail.Recipient, delivered.Reply.Code);
                return outbox => outbox.Delivered(mail.Id, delivered.Reply.ToString(), now);
            case DeliveryOutcome.Refused refused:
                OutboundLog.Refused(logger, mail.MessageId, mail.Recipient, refused.Stage, refused.Reply.Code);
                return outbox => outbox.GiveUp(mail.Id, $"{refused.Stage}: {refused.Reply}", now);
            case DeliveryOutcome.Deferred { Stage: <= DeliveryStage.Auth } deferred:
                health.Failed(deferred.Reason);
                OutboundLog.SmarthostAway(logger, connector.Name, deferred.Reason);
                return outbox => outbox.Retry(mail.Id, now + health.UntilNextTry, $"{deferred.Stage}: {deferred.Reason}");
            case DeliveryOutcome.Deferred deferred:
                return Defer(mail, deferred, now);
            default:
                throw new InvalidOperationException("The cases of DeliveryOutcome are closed.");
        }
    }

    private Func<IOutboxTable, bool> Defer(OutboxMail mail, DeliveryOutcome.Deferred deferred, DateTimeOffset now)
    {
        string note = $"{deferred.Stage}: {deferred.Reason}";
        if (schedule.Next(mail.CreatedAt, mail.Attempts, now) is not { } next)
        {
            OutboundLog.GivenUp(logger, mail.MessageId, mail.Recipient, note);
            return outbox => outbox.GiveUp(mail.Id, note, now);
        }

        OutboundLog.Deferred(logger, mail.MessageId, mail.Recipient, note, next);
        return outbox => outbox.Retry(mail.Id, next, note);
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.QuitAsync(CancellationToken.None);
            await connection.DisposeAsync();
        }
    }
}
