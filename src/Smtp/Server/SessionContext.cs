using Microsoft.Extensions.Logging;
using Relay.Smtp.Sockets;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>What the commands of one session work with.</summary>
internal sealed record SessionContext(
    SmtpServerOptions Options,
    SmtpListenerOptions Listener,
    IMailHandler Handler,
    TimeProvider Time,
    ILogger Log,
    SessionChannel Channel,
    SessionState State,
    SessionPlace Place,
    SessionThread Thread,
    string SessionId)
{
    /// <summary>What is announced, and so what is honoured.</summary>
    public SmtpExtensions Offered
    {
        get
        {
            var offered = SmtpExtensions.Pipelining | SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.SmtpUtf8
                | SmtpExtensions.EnhancedStatusCodes | SmtpExtensions.Chunking;
            var isTls = State.Client.IsTls;
            // RFC 3207 §4.2: not announced once it is on.
            offered |= Listener.Tls == SmtpTlsMode.StartTls && !isTls ? SmtpExtensions.StartTls : SmtpExtensions.None;
            offered |= Listener.XclientNetworks.Any(network => network.Contains(State.Peer)) ? SmtpExtensions.Xclient : SmtpExtensions.None;
            offered |= Options.DsnNetworks.Count == 0 || Options.DsnNetworks.Any(network => network.Contains(State.Client.Address))
                ? SmtpExtensions.Dsn
                : SmtpExtensions.None;
            // RFC 4954 §4: passwords in the clear only where somebody decided so.
            return offered | (State.HasAccounts && (isTls || Options.AllowAuthInTheClear) ? SmtpExtensions.Auth : SmtpExtensions.None);
        }
    }

    /// <summary>Whether AUTH could succeed for anybody; looked up when the client greets, and kept for the session, since what is announced is honoured.</summary>
    public async ValueTask<bool> FindAccountsAsync()
    {
        if (!(State.Client.IsTls || Options.AllowAuthInTheClear) || Options.Authenticator is not { } accounts)
        {
            return false;
        }

        // As for a check: a directory may have to be asked.
        if (accounts.TakesLong)
        {
            await Task.Yield();
        }

        return await accounts.HasAccountsAsync();
    }

    /// <summary>RFC 5321 §4.3.1: what a session begins with.</summary>
    public SmtpReply Greeting => new(220, null, $"{Options.HostName} {(Listener.Protocol == SmtpProtocol.Lmtp ? "LMTP" : "ESMTP")} Relay");

    public SmtpServerLimits Limits => Options.Limits;
}
