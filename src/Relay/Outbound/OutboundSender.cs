using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Outbound;

/// <summary>One connection to the smarthost, opened when there is a mail, kept while there are more, closed after 20 idle seconds.</summary>
internal sealed class OutboundSender(
    IStore store, SmarthostConnector connector, SmarthostHealth health, OutcomeSettling settling, TimeProvider time, ILogger<OutboundSender> logger)
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(20);
    private SmtpConnection? _connection;

    /// <param name="mails">Claimed; every one of them is settled.</param>
    /// <param name="stopping">From now on what is not under way is put back.</param>
    /// <param name="giveUp">What is under way is cut.</param>
    public async Task RunAsync(ChannelReader<OutboxMail> mails, CancellationToken stopping, CancellationToken giveUp)
    {
        while (await NextAsync(mails) is { } mail)
        {
            try
            {
                var outcome = stopping.IsCancellationRequested ? new SendOutcome.NotTried("the relay was stopping") : await DeliverAsync(mail, giveUp);
                await settling.SettleAsync(mail, outcome, giveUp);
            }
            catch (Exception exception)
            {
                // Whatever it is, this mail's claim runs out and the others go on.
                OutboundLog.SenderFailed(logger, mail.MessageId, exception);
                await CloseAsync();
            }
        }

        await CloseAsync();
    }

    private async Task<OutboxMail?> NextAsync(ChannelReader<OutboxMail> mails)
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

    private async Task<SendOutcome> DeliverAsync(OutboxMail mail, CancellationToken giveUp)
    {
        // Nothing is mailed once a subscription has ended, though its mail was claimed before.
        if (mail is { Kind: OutboxKind.Notification, SubscriptionId: { } subscription }
            && store.Read(transaction => transaction.Subscriptions.Find(subscription)) is null or { State: SubscriptionState.Ended })
        {
            return new SendOutcome.Withdrawn();
        }

        if (!MailAddress.TryParse(mail.Recipient, out var recipient))
        {
            return new SendOutcome.Tried(
                new DeliveryOutcome.Refused(DeliveryStage.Recipient, new SmtpReply(553, new EnhancedStatus(5, 1, 3), "not an address")));
        }

        if (await ConnectAsync(giveUp) is { } away)
        {
            return away;
        }

        var reversePath = mail.ReversePath is null ? null : MailAddress.TryParse(mail.ReversePath, out var parsed) ? parsed : null;
        var outcomes = await _connection!.SendAsync(new MailEnvelope(reversePath, [recipient]), mail.Content, giveUp);
        return new SendOutcome.Tried(outcomes[0]);
    }

    // Whatever keeps us from saying MAIL is the smarthost's trouble, not the mail's, even if it is said with a 5yz.
    private async Task<SendOutcome.NotTried?> ConnectAsync(CancellationToken giveUp)
    {
        if (_connection is { IsUsable: true })
        {
            return null;
        }

        await CloseAsync();
        if (health.UntilNextTry > TimeSpan.Zero)
        {
            return new SendOutcome.NotTried(health.LastFailure ?? "the smarthost is away");
        }

        var result = await connector.ConnectAsync(giveUp);
        if (result is SmtpConnectResult.Connected connected)
        {
            _connection = connected.Connection;
            health.Reached();
            return null;
        }

        string reason = result is SmtpConnectResult.Failed failed ? SendOutcome.Describe(failed.Outcome) : "no connection";
        if (health.Failed(reason))
        {
            OutboundLog.SmarthostAway(logger, connector.Name, reason);
        }

        return new SendOutcome.NotTried(reason);
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
