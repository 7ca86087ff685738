using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Notifications;

/// <summary>Event ids 4000–4099.</summary>
internal static partial class NotificationLog
{
    [LoggerMessage(4000, LogLevel.Information, "Serving {Count} push subscriptions")]
    public static partial void Loaded(ILogger logger, int count);

    [LoggerMessage(4001, LogLevel.Information, "Notification {Sequence} of {Subscription} with {Events} events is in the outbox")]
    public static partial void Composed(ILogger logger, string subscription, long sequence, int events);

    [LoggerMessage(4003, LogLevel.Error, "Notifying failed unexpectedly; looking again at all subscriptions")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4004, LogLevel.Error, "The notification of {Subscription} cannot be composed; it is left until its next event")]
    public static partial void NotComposed(ILogger logger, string subscription, Exception exception);

    [LoggerMessage(4005, LogLevel.Information, "Stream {Stream} is closed: {Reason}")]
    public static partial void StreamClosed(ILogger logger, long stream, StreamEndReason reason);

    [LoggerMessage(4006, LogLevel.Information, "Notification {Sequence} of {Subscription} is not acknowledged; mailed again")]
    public static partial void Repeated(ILogger logger, string subscription, long sequence);

    [LoggerMessage(4007, LogLevel.Information, "{Subscription} has ended: {Reason}")]
    public static partial void Ended(ILogger logger, string subscription, string reason);

    [LoggerMessage(4008, LogLevel.Error, "The owner of {Subscription} cannot be told of it")]
    public static partial void NotTold(ILogger logger, string subscription, Exception exception);

    [LoggerMessage(4009, LogLevel.Warning, "The items of the next notification of {Subscription} were not told in time; it goes without them")]
    public static partial void ContentLate(ILogger logger, string subscription);

    [LoggerMessage(4010, LogLevel.Error, "The items of the next notification of {Subscription} could not be fetched; it goes without them")]
    public static partial void ContentFailed(ILogger logger, string subscription, Exception exception);

    [LoggerMessage(4011, LogLevel.Error, "The settings of {Subscription} in the store cannot be read; nothing is mailed for it until it is ended and made anew")]
    public static partial void Unreadable(ILogger logger, string subscription);

    [LoggerMessage(4002, LogLevel.Error, "The store is unavailable ({Fault}); notifications wait")]
    public static partial void StoreUnavailable(ILogger logger, StoreFault fault, Exception exception);
}
