using Relay.Access;
using Relay.Reports;
using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>
/// Tells a sender what became of a mail that comes to its end here: delivered, where it asked for that; failed, where nobody has it
/// (RFC 3461 §5.2.3, RFC 3461 §5.2.6). What is passed on is told of by whoever passes it on.
/// </summary>
internal sealed class ReceiptReports(DeliveryReports reports)
{
    private static readonly EnhancedStatus Delivered = new(2, 0, 0);
    private static readonly EnhancedStatus NoSuchAddress = new(5, 1, 1);
    private static readonly EnhancedStatus Loop = new(5, 4, 6);

    /// <summary>Null where nobody is to be told anything. Only who hands us mail by SMTP or LMTP leaves it to us to tell.</summary>
    public NewOutboxMail? For(IncomingMail mail, IReadOnlyList<MailRecipient> recipients)
    {
        var spooled = mail.Spooled;
        if (spooled is not { ReversePath: not null, Origin.Via: MailOrigin.Smtp or MailOrigin.Lmtp })
        {
            return null;
        }

        var told = recipients.Select(recipient => For(mail, recipient)).OfType<ReportedRecipient>().ToList();
        return told.Count == 0
            ? null
            : reports.Compose(new ReportedMail(spooled.ReversePath, spooled.ReceivedAt, spooled.Wishes ?? ReportWishes.None, mail.Octets), told);
    }

    private static ReportedRecipient? For(IncomingMail mail, MailRecipient recipient)
    {
        (DeliveryAction Action, EnhancedStatus Status)? fate = recipient.Known switch
        {
            null => (DeliveryAction.Failed, NoSuchAddress),
            KnownRecipient.Service or KnownRecipient.Token => (DeliveryAction.Delivered, Delivered),
            KnownRecipient.Postmaster role when ForwardedMails.IsKept(mail, role.Address) => (DeliveryAction.Delivered, Delivered),
            KnownRecipient.Foreign foreign when ForwardedMails.IsKept(mail, foreign.Address) => (DeliveryAction.Failed, Loop),
            KnownRecipient.Postmaster or KnownRecipient.Foreign => null,
            _ => throw new InvalidOperationException("The cases of KnownRecipient are closed."),
        };
        bool isWanted = fate?.Action == DeliveryAction.Delivered ? recipient.Wishes.WantsSuccess : recipient.Wishes.WantsFailure;
        return fate is var (action, status) && isWanted
            ? new ReportedRecipient(recipient.Address, action, status) { OriginalRecipient = recipient.Wishes.OriginalRecipient }
            : null;
    }
}
