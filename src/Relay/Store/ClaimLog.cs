using Microsoft.Extensions.Logging;

namespace Relay.Store;

/// <summary>Event ids 6200–6299.</summary>
internal static partial class ClaimLog
{
    [LoggerMessage(6200, LogLevel.Error, "The store is unavailable ({Fault}); mail waits")]
    public static partial void StoreUnavailable(ILogger logger, StoreFault fault, Exception exception);

    [LoggerMessage(6201, LogLevel.Error, "Claiming mail failed unexpectedly; trying again")]
    public static partial void Failed(ILogger logger, Exception exception);
}
