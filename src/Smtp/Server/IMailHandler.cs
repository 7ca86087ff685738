using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>
/// What an application puts behind the server. An exception from any method is answered 451 4.3.0 and logged: the sender keeps the
/// mail and tries again. They are called on the thread that reads for many sessions: what waits has to await.
/// </summary>
public interface IMailHandler
{
    /// <summary>Whether this sender may start a mail; a reply that is not positive refuses it.</summary>
    ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct);

    /// <summary>Whether this recipient is taken; a reply that is not positive refuses this one only.</summary>
    ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct);

    /// <summary>Called at DATA or the first BDAT, before the client sends content.</summary>
    ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct);
}
