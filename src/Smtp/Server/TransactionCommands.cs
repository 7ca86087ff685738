using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>MAIL and RCPT: what can be refused before the content is sent, is refused here.</summary>
internal static class TransactionCommands
{
    public static async ValueTask<SmtpReply> MailAsync(SessionContext session, MailParameters mail, CancellationToken ct)
    {
        // RFC 1870 §6.1: over the fixed limit, whatever the content turns out to be.
        if (mail.Size > session.Options.MaxMessageBytes)
        {
            return SmtpReplies.TooBig;
        }

        var reply = await session.Handler.SenderAsync(session.State.Client, mail, ct);
        if (reply.IsPositive)
        {
            session.State.BeginMail(mail);
        }

        return reply;
    }

    public static async ValueTask<SmtpReply> RecipientAsync(SessionContext session, RecipientParameters recipient, CancellationToken ct)
    {
        var state = session.State;
        var mail = state.Mail ?? throw new InvalidOperationException("RCPT passed the order of commands outside a mail.");
        // RFC 6531 §3.4: the parameter of MAIL covers the recipients too.
        if (recipient.NeedsSmtpUtf8 && !mail.SmtpUtf8)
        {
            return SmtpReplies.NeedsSmtpUtf8;
        }

        // RFC 5321 §4.5.3.1.10: 452, so that the sender keeps the rest for another mail.
        if (state.Recipients.Count >= session.Limits.Recipients)
        {
            return SmtpReplies.TooManyRecipients;
        }

        var reply = await session.Handler.RecipientAsync(state.Client, mail, recipient, ct);
        if (reply.IsPositive)
        {
            state.AddRecipient(recipient);
        }

        return reply;
    }
}
