using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Operator;

/// <summary>Event ids 8100–8199.</summary>
internal static partial class OperatorLog
{
    [LoggerMessage(8100, LogLevel.Information, "The operator has {Action} {Subject}")]
    public static partial void Acted(ILogger logger, string action, string subject);

    [LoggerMessage(8101, LogLevel.Error, "The store is unavailable ({Fault}); what the operator did is heard later")]
    public static partial void StoreUnavailable(ILogger logger, StoreFault fault, Exception exception);
}
