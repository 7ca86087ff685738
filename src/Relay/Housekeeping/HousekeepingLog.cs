using Microsoft.Extensions.Logging;

namespace Relay.Housekeeping;

/// <summary>Event ids 7000–7099.</summary>
internal static partial class HousekeepingLog
{
    [LoggerMessage(7000, LogLevel.Information, "Removed {Rows} rows that have aged")]
    public static partial void Removed(ILogger logger, int rows);

    [LoggerMessage(7001, LogLevel.Information, "Subscription {Subscription} has ended: {Reason}")]
    public static partial void Ended(ILogger logger, string subscription, string reason);

    [LoggerMessage(7003, LogLevel.Information, "Nobody asks for {Mailbox} any more; it is not watched now")]
    public static partial void LetGo(ILogger logger, string mailbox);

    [LoggerMessage(7004, LogLevel.Warning, "Ended {Count} subscriptions of {Principal} to {Mailbox}: the settings give no right to them any more")]
    public static partial void RightLost(ILogger logger, int count, string principal, string mailbox);

    [LoggerMessage(7005, LogLevel.Information, "{Count} subscriptions of {Principal} are {Owner}'s now: entries without a Name are not known by their place any more")]
    public static partial void Renamed(ILogger logger, int count, string principal, string owner);

    [LoggerMessage(7006, LogLevel.Warning, "Events that {Subscription} was not told of are gone: too old, or too many (Store:EventsKept, Store:MostEvents); it is told of a gap")]
    public static partial void Dropped(ILogger logger, string subscription);

    [LoggerMessage(7002, LogLevel.Error, "Housekeeping failed; it is done again in a minute")]
    public static partial void Failed(ILogger logger, Exception exception);
}
