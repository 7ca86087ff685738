using System.Buffers;
using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>Our Received field on top of a mail (RFC 5321 §4.4).</summary>
internal static class TraceField
{
    public static void Write(SessionContext session, MailTransaction transaction, IBufferWriter<byte> output)
    {
        var client = session.State.Client;
        var field = new ReceivedField(
            client.HelloName ?? "unknown",
            client.Address,
            session.Options.HostName,
            ProtocolWord(session.State, transaction.Mail.SmtpUtf8),
            transaction.Id,
            transaction.Recipients.Count == 1 ? transaction.Recipients[0].Address : null,
            session.Time.GetUtcNow(),
            client.Name);
        Encoding.UTF8.GetBytes(field.ToString(), output);
    }

    // RFC 3848 §1: S where TLS was used, A where the client proved who it is. RFC 6531 §4.3: the words for SMTPUTF8.
    private static string ProtocolWord(SessionState state, bool smtpUtf8)
    {
        var suffix = (state.Client.IsTls ? "S" : "") + (state.Client.Account is null ? "" : "A");
        return state.Client.Protocol == SmtpProtocol.Lmtp
            ? (smtpUtf8 ? "UTF8LMTP" : "LMTP") + suffix
            : !state.IsExtended ? "SMTP" : (smtpUtf8 ? "UTF8SMTP" : "ESMTP") + suffix;
    }
}
