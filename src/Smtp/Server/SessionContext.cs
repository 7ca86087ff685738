using Microsoft.Extensions.Logging;
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
    string SessionId)
{
    /// <summary>What is announced, and so what is honoured.</summary>
    public SmtpExtensions Offered
    {
        get
        {
            var offered = SmtpExtensions.Pipelining | SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.SmtpUtf8
                | SmtpExtensions.EnhancedStatusCodes | SmtpExtensions.Chunking | SmtpExtensions.Dsn;
            var isTls = State.Client.IsTls;
            // RFC 3207 §4.2: not announced once it is on.
            offered |= Listener.Tls == SmtpTlsMode.StartTls && !isTls ? SmtpExtensions.StartTls : SmtpExtensions.None;
            // RFC 4954 §4: passwords in the clear only where somebody decided so.
            return offered | (State.HasAccounts && (isTls || Options.AllowAuthInTheClear) ? SmtpExtensions.Auth : SmtpExtensions.None);
        }
    }

    /// <summary>Whether AUTH could succeed for anybody; looked up when the client greets, and kept for the session, since what is announced is honoured.</summary>
    public bool FindAccounts() => (State.Client.IsTls || Options.AllowAuthInTheClear) && Options.Authenticator is { HasAccounts: true };

    public SmtpServerLimits Limits => Options.Limits;
}
