using Microsoft.Extensions.Logging;

namespace Relay.Exchange;

/// <summary>What the Exchange side logs. Event ids 1300 to 1399. Never a header field of a request, which may hold credentials.</summary>
internal static partial class ExchangeLog
{
    [LoggerMessage(1300, LogLevel.Information, "Stream of {Mailboxes} mailboxes opened (group of {Anchor}, {Minutes} min)")]
    public static partial void StreamOpened(this ILogger log, int mailboxes, string? anchor, int minutes);

    [LoggerMessage(1301, LogLevel.Warning, "Stream of the group of {Anchor} broke: {Reason}")]
    public static partial void StreamBroke(this ILogger log, string? anchor, string reason);

    [LoggerMessage(1302, LogLevel.Error, "Events from the stream of the group of {Anchor} could not be stored; they will be caught up with")]
    public static partial void StreamFailed(this ILogger log, string? anchor, Exception failure);

    [LoggerMessage(1303, LogLevel.Warning, "Exchange missed events in the stream of the group of {Anchor}: catching up")]
    public static partial void EventsMissed(this ILogger log, string? anchor);

    [LoggerMessage(1304, LogLevel.Warning, "Exchange ended {Count} subscriptions of the group of {Anchor} ({Code}): making new ones")]
    public static partial void SubscriptionDied(this ILogger log, string? anchor, string code, int count);

    [LoggerMessage(1305, LogLevel.Warning, "No stream for the group of {Anchor}: {Reason}; trying again in {Wait}")]
    public static partial void StreamRefused(this ILogger log, string? anchor, string reason, TimeSpan wait);

    [LoggerMessage(1306, LogLevel.Warning, "Mailbox {Mailbox} cannot be watched now: {Reason}; trying again in {Wait}")]
    public static partial void NotPrepared(this ILogger log, string mailbox, string reason, TimeSpan wait);

    [LoggerMessage(1307, LogLevel.Information, "Mailbox {Mailbox} is caught up, {Events} events found")]
    public static partial void CaughtUp(this ILogger log, string mailbox, int events);

    [LoggerMessage(1308, LogLevel.Error, "Mailbox {Mailbox} cannot be watched now; trying again in {Wait}")]
    public static partial void PreparationFailed(this ILogger log, string mailbox, TimeSpan wait, Exception failure);

    [LoggerMessage(1309, LogLevel.Error, "The group of {Anchor} failed and starts again in {Wait}")]
    public static partial void GroupFailed(this ILogger log, string? anchor, TimeSpan wait, Exception failure);

    [LoggerMessage(1313, LogLevel.Error, "The watched mailboxes could not all be taken up; trying again in {Wait}")]
    public static partial void StartFailed(this ILogger log, TimeSpan wait, Exception failure);

    [LoggerMessage(1311, LogLevel.Warning, "A push notification was refused: {Reason}")]
    public static partial void PushRefused(this ILogger log, string reason);

    [LoggerMessage(1312, LogLevel.Warning,
        "Whether mail in {Mailbox} is the relay's own is not known: {Reason} It is told like any other, and nothing is asked for {Pause}")]
    public static partial void OwnMailUnknown(this ILogger log, string mailbox, string reason, TimeSpan pause);

    [LoggerMessage(1310, LogLevel.Information, "The EWS subscription of {Mailbox} could not be ended ({Reason}); it expires by itself")]
    public static partial void NotUnsubscribed(this ILogger log, string mailbox, string reason);
}
