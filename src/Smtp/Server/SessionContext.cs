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
    public SmtpExtensions Offered { get; init; } = SmtpExtensions.Pipelining | SmtpExtensions.Size | SmtpExtensions.EightBitMime
        | SmtpExtensions.SmtpUtf8 | SmtpExtensions.EnhancedStatusCodes | SmtpExtensions.Dsn;

    public SmtpServerLimits Limits => Options.Limits;
}
