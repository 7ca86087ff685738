using Microsoft.Extensions.Logging;

namespace Relay.Store;

/// <summary>Event ids 6100–6199.</summary>
internal static partial class SettleLog
{
    [LoggerMessage(6100, LogLevel.Error, "What became of a mail cannot be stored ({Fault}); trying again")]
    public static partial void NotSettledYet(ILogger logger, StoreFault fault, Exception exception);
}
