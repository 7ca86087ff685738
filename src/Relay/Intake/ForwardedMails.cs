using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>
/// Mail to postmaster@ and abuse@ goes on to the smarthost, where a person reads it (RFC 5321 §4.5.1), and so does mail for others of our domains
/// where the settings say so: octets as they came with our Received field on top, envelope as it was (RFC 5321 §3.6.2). A mail that comes round again is kept for
/// the operator instead.
/// </summary>
internal static class ForwardedMails
{
    /// <summary>RFC 5321 §6.3 asks for about 100; mail to us comes by few hops.</summary>
    private const int MostHops = 30;

    /// <summary>It goes round, or names no domain to send it to.</summary>
    public static bool IsKept(IncomingMail mail, MailAddress address) => mail.Headers.CountOf("Received") > MostHops || address.Domain.Length == 0;

    /// <param name="mail">The mail.</param>
    /// <param name="address">Whom it is for.</param>
    /// <param name="wishes">What its sender wants to be told; goes on with it.</param>
    public static StepPlan Plan(IncomingMail mail, MailAddress address, RecipientWishes wishes)
    {
        if (IsKept(mail, address))
        {
            return StepPlan.Nothing($"kept for the operator: mail to {address}");
        }

        var forward = new NewOutboxMail(
            OutboxKind.Notification,
            mail.Spooled.ReversePath,
            address.ToString(),
            MessageId.RawOf(mail.Headers) ?? $"<{mail.Spooled.MailId}>",
            mail.Octets,
            null,
            null,
            mail.Spooled.ReceivedAt)
        {
            Wishes = (mail.Spooled.Wishes ?? ReportWishes.None).For(wishes),
        };
        return new StepPlan.Commit(transaction =>
        {
            transaction.Outbox.Add(forward);
            return new StepOutcome($"passed on to the smarthost for {address}", LedTo: forward.MessageId);
        });
    }
}
