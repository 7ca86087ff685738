using System.Net;
using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Inbound;

/// <summary>Event ids 1000–1099.</summary>
internal static partial class InboundLog
{
    [LoggerMessage(1001, LogLevel.Information, "Accepted {MailId} from {Client}, {Length} octets")]
    public static partial void Accepted(ILogger logger, string mailId, IPAddress client, long length);

    [LoggerMessage(1002, LogLevel.Error, "The store is unavailable ({Fault}); the client is asked to try again later")]
    public static partial void StoreUnavailable(ILogger logger, StoreFault fault, Exception exception);
}
