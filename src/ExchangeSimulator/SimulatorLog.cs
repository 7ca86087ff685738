using Microsoft.Extensions.Logging;
using Relay.ExchangeSimulator.Subscriptions;

namespace Relay.ExchangeSimulator;

/// <summary>Log lines of the simulator, event ids 8000 to 8099.</summary>
internal static partial class SimulatorLog
{
    [LoggerMessage(8000, LogLevel.Information, "Exchange simulator listens at {Url}")]
    public static partial void Listening(ILogger logger, Uri url);

    [LoggerMessage(8001, LogLevel.Information, "Exchange simulator stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(8002, LogLevel.Debug, "A client went away before its answer")]
    public static partial void ClientGone(ILogger logger);

    [LoggerMessage(8003, LogLevel.Information, "A push subscription has ended: {Outcome}")]
    public static partial void PushEnded(ILogger logger, PushOutcome outcome);
}
