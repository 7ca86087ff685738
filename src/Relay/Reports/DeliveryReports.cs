using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Reports;

/// <summary>Makes the mails that tell a sender what became of its mail, where it asked, or where it is due though it did not (RFC 3461 §5.2.3, RFC 3461 §5.2.6).</summary>
internal sealed class DeliveryReports(OwnMessageIds ids, string hostName, TimeProvider time)
{
    /// <summary>Null where there is nobody to tell.</summary>
    /// <param name="mail">What is told of.</param>
    /// <param name="recipients">At least one. The first names the domain whose postmaster tells.</param>
    public NewOutboxMail? Compose(ReportedMail mail, IReadOnlyList<ReportedRecipient> recipients)
    {
        string domain = recipients[0].Address.Domain is { Length: > 0 } ours ? ours : hostName;
        if (mail.ReversePath is null || !MailAddress.TryParse(mail.ReversePath, out var sender) || !MailAddress.TryParse($"postmaster@{domain}", out var from))
        {
            return null;
        }

        var now = time.GetUtcNow();
        string messageId = ids.NewAnswer(domain);
        byte[] content = DeliveryReportWriter.Write(new DeliveryReport
        {
            From = from,
            To = sender,
            MessageId = messageId,
            Date = now,
            ReportingServer = hostName,
            ArrivedAt = mail.ArrivedAt,
            EnvelopeId = mail.Wishes.EnvelopeId,
            Recipients = recipients,
            Mail = mail.Octets,
            ReturnsWhole = mail.Wishes.Ret == "FULL",
        });
        return new NewOutboxMail(OutboxKind.Answer, null, sender.ToString(), messageId, content, null, null, now);
    }
}
