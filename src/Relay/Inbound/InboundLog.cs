using System.Net;
using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Inbound;

/// <summary>Event ids 1100–1199.</summary>
internal static partial class InboundLog
{
    [LoggerMessage(1101, LogLevel.Information, "Accepted {MailId} from {Client}, {Length} octets")]
    public static partial void Accepted(ILogger logger, string mailId, IPAddress client, long length);

    [LoggerMessage(1103, LogLevel.Information, "Picked up {MailId} from {Path}, {Length} octets")]
    public static partial void PickedUp(ILogger logger, string mailId, string path, long length);

    [LoggerMessage(1104, LogLevel.Warning, "Nothing is taken from {Path} now: {Reason}")]
    public static partial void PickupFailed(ILogger logger, string path, string reason);

    [LoggerMessage(1105, LogLevel.Error, "The mail {Name} in {Path} is not taken and left to the operator: {Reason}")]
    public static partial void SetAside(ILogger logger, string name, string path, string reason);

    [LoggerMessage(1106, LogLevel.Error, "The store has not taken {Mail} within a minute; the client is asked to try again later")]
    public static partial void StandsStill(ILogger logger, string mail);

    [LoggerMessage(1102, LogLevel.Error, "The store is unavailable ({Fault}); the client is asked to try again later")]
    public static partial void StoreUnavailable(ILogger logger, StoreFault fault, Exception exception);

    [LoggerMessage(1107, LogLevel.Information, "The certificate in {Path} is a new one, good until {NotAfter:u}; it is shown from now on")]
    public static partial void CertificateRenewed(ILogger logger, string path, DateTime notAfter);

    [LoggerMessage(1108, LogLevel.Warning, "The certificate in {Path} cannot be read, and the one before is kept: {Reason}")]
    public static partial void CertificateNotRead(ILogger logger, string path, string reason);

    [LoggerMessage(
        1109,
        LogLevel.Warning,
        "The system lets this process open {Most} files and sockets, too few for Relay:Smtp:Limits:Sessions = {Sessions}: raise the limit to {Needed} "
        + "(LimitNOFILE, ulimit -n), or lower Sessions")]
    public static partial void FewOpenFiles(ILogger logger, long most, int sessions, long needed);
}
