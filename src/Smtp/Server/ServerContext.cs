using Microsoft.Extensions.Logging;

namespace Relay.Smtp.Server;

/// <summary>What all sessions of a server share.</summary>
internal sealed record ServerContext(
    SmtpServerOptions Options, IMailHandler Handler, TimeProvider Time, ILogger Log, SessionTable Sessions, TraceSwitch Trace);
