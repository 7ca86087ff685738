using Relay.Smtp.Server;
using Relay.Store;

namespace Relay.Inbound;

/// <summary>What a session knows of its client, as the spool keeps it.</summary>
internal static class Origins
{
    public static MailOrigin Of(SmtpClientInfo client) => new(
        client.Protocol == SmtpProtocol.Lmtp ? MailOrigin.Lmtp : MailOrigin.Smtp,
        client.Address.ToString(),
        client.HelloName,
        client.IsTls,
        client.Account);
}
