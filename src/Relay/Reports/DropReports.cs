using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Reports;

/// <summary>Tells the sender of a mail that the operator drops: it was accepted, and now nobody will handle it (RFC 3461 §5.2.6).</summary>
internal sealed class DropReports(DeliveryReports reports, MailFiles files)
{
    private static readonly EnhancedStatus NotHandled = new(5, 3, 0);

    /// <summary>
    /// To be called in the transaction that drops it. True where its sender is told. Only who hands us mail by SMTP or LMTP leaves it to us to tell.
    /// </summary>
    public bool Tell(IStoreTransaction transaction, SpoolEntry mail)
    {
        if (mail is not { ReversePath: not null, Origin.Via: MailOrigin.Smtp or MailOrigin.Lmtp })
        {
            return false;
        }

        var wishes = transaction.Spool.Wishes(mail.Id) ?? ReportWishes.None;
        var told = mail.Recipients
            .Select((recipient, index) => For(recipient, wishes.Recipients.ElementAtOrDefault(index) ?? RecipientWishes.None))
            .OfType<ReportedRecipient>()
            .ToList();
        if (told.Count == 0 || reports.Compose(new ReportedMail(mail.ReversePath, mail.ReceivedAt, wishes, Octets(transaction, mail.Id)), told) is not { } report)
        {
            return false;
        }

        transaction.Outbox.Add(report);
        return true;
    }

    /// <summary>The same of a mail that we would have passed on, as it was before it is dropped. Of one that was given up its sender was told then.</summary>
    public bool Tell(IStoreTransaction transaction, OutboxEntry mail)
    {
        if (mail is not { ReversePath: not null, State: OutboxState.Waiting }
            || transaction.Outbox.Wishes(mail.Id) is not { Recipients: [var recipient, ..] } wishes
            || For(mail.Recipient, recipient) is not { } told)
        {
            return false;
        }

        var octets = transaction.Outbox.Content(mail.Id) ?? ReadOnlyMemory<byte>.Empty;
        if (reports.Compose(new ReportedMail(mail.ReversePath, mail.CreatedAt, wishes, octets), [told]) is not { } report)
        {
            return false;
        }

        transaction.Outbox.Add(report);
        return true;
    }

    private static ReportedRecipient? For(string recipient, RecipientWishes wishes) =>
        wishes.WantsFailure && MailAddress.TryParse(recipient, out var address)
            ? new ReportedRecipient(address, DeliveryAction.Failed, NotHandled) { OriginalRecipient = wishes.OriginalRecipient }
            : null;

    // What is set aside because its content is gone can be dropped, and told of, all the same.
    private ReadOnlyMemory<byte> Octets(IStoreTransaction transaction, long id)
    {
        try
        {
            return transaction.Spool.Content(id) is { } content ? files.Load(content) : ReadOnlyMemory<byte>.Empty;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
    }
}
