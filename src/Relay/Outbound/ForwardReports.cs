using Relay.Reports;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Outbound;

/// <summary>
/// Tells the sender of a mail that we pass on what became of it, in the transaction that settles it (RFC 3461 §5.2.2): relayed, where it is handed to a
/// server that cannot tell; failed; delayed. Our own mail has no such sender.
/// </summary>
internal sealed class ForwardReports(DeliveryReports reports, DeliveryOptions options)
{
    // In the registry of status codes: the address is valid, and the mail was passed on to where no reports come from.
    private static readonly EnhancedStatus PassedOn = new(2, 1, 9);

    // RFC 3463 §3: the time was up; no answer from the host.
    private static readonly EnhancedStatus Expired = new(4, 4, 7);
    private static readonly EnhancedStatus NoAnswer = new(4, 4, 1);

    public void Delivered(IStoreTransaction transaction, OutboxMail mail, SendOutcome.Tried tried, SmtpReply reply)
    {
        if (WishesOf(mail) is { WantsSuccess: true } && !tried.IsReported)
        {
            Tell(transaction, mail, DeliveryAction.Relayed, PassedOn, tried.Smarthost, reply.ToString(), null);
        }
    }

    /// <summary>Refused, or tried for too long (RFC 3461 §5.2.6).</summary>
    /// <param name="transaction">That ends the mail.</param>
    /// <param name="mail">The mail.</param>
    /// <param name="tried">The last attempt; null where there was none.</param>
    public void GivenUp(IStoreTransaction transaction, OutboxMail mail, SendOutcome.Tried? tried)
    {
        if (WishesOf(mail) is not { WantsFailure: true })
        {
            return;
        }

        var (status, said) = tried?.Outcome switch
        {
            DeliveryOutcome.Refused refused => (refused.Reply.Status ?? new EnhancedStatus(5, 0, 0), refused.Reply.ToString()),
            DeliveryOutcome.Deferred { Reply: { } reply } => (reply.Status ?? Expired, reply.ToString()),
            DeliveryOutcome.Deferred => (Expired, null),
            _ => (new EnhancedStatus(5, 3, 0), (string?)null),
        };
        Tell(transaction, mail, DeliveryAction.Failed, status, said is null ? null : tried?.Smarthost, said, null);
    }

    /// <summary>Not yet; told once, when the sender asked for it and it takes long (RFC 3461 §5.2.5).</summary>
    public void Delayed(IStoreTransaction transaction, OutboxMail mail, SendOutcome.Tried? tried, DateTimeOffset now)
    {
        if (WishesOf(mail) is { WantsDelay: true } && now - mail.CreatedAt >= options.DelayReport && transaction.Outbox.NoteDelayTold(mail.Id))
        {
            var reply = tried?.Outcome is DeliveryOutcome.Deferred deferred ? deferred.Reply : null;
            Tell(
                transaction, mail, DeliveryAction.Delayed, reply?.Status ?? NoAnswer, reply is null ? null : tried?.Smarthost, reply?.ToString(), mail.CreatedAt + options.GiveUp);
        }
    }

    private static RecipientWishes? WishesOf(OutboxMail mail) => mail is { Wishes.Recipients: [var wishes, ..], ReversePath: not null } ? wishes : null;

    private void Tell(
        IStoreTransaction transaction,
        OutboxMail mail,
        DeliveryAction action,
        EnhancedStatus status,
        string? server,
        string? said,
        DateTimeOffset? until)
    {
        if (!MailAddress.TryParse(mail.Recipient, out var address))
        {
            return; // accepted by the front door, so it parses
        }

        var told = new ReportedRecipient(address, action, status)
        {
            OriginalRecipient = mail.Wishes!.Recipients[0].OriginalRecipient,
            RemoteServer = server,
            Diagnostic = said,
            WillRetryUntil = until,
        };
        var octets = transaction.Outbox.Content(mail.Id) ?? ReadOnlyMemory<byte>.Empty;
        if (reports.Compose(new ReportedMail(mail.ReversePath, mail.CreatedAt, mail.Wishes, octets), [told]) is { } report)
        {
            transaction.Outbox.Add(report);
        }
    }
}
