using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Bounces;

/// <summary>Event ids 5100–5199.</summary>
internal static partial class BounceLog
{
    [LoggerMessage(5100, LogLevel.Information, "Subscription {Subscription}: {Step}")]
    public static partial void Stepped(ILogger logger, long subscription, string step);

    [LoggerMessage(5101, LogLevel.Error, "The store is unavailable ({Fault}); suspended subscriptions wait")]
    public static partial void StoreUnavailable(ILogger logger, StoreFault fault, Exception exception);

    [LoggerMessage(5102, LogLevel.Error, "Looking after suspended subscriptions failed unexpectedly")]
    public static partial void Failed(ILogger logger, Exception exception);
}
