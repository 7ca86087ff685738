using Microsoft.Extensions.Logging;
using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>Event ids 5000–5099.</summary>
internal static partial class OutboundLog
{
    [LoggerMessage(5000, LogLevel.Information, "Delivered {MessageId} to {Recipient}: {Code}")]
    public static partial void Delivered(ILogger logger, string messageId, string recipient, int code);

    [LoggerMessage(5001, LogLevel.Warning, "{MessageId} to {Recipient} is refused for good at {Stage}: {Code}")]
    public static partial void Refused(ILogger logger, string messageId, string recipient, DeliveryStage stage, int code);

    [LoggerMessage(5002, LogLevel.Information, "{MessageId} to {Recipient} waits until {Next}: {Note}")]
    public static partial void Deferred(ILogger logger, string messageId, string recipient, string note, DateTimeOffset next);

    [LoggerMessage(5003, LogLevel.Warning, "{MessageId} to {Recipient} is given up: {Note}")]
    public static partial void GivenUp(ILogger logger, string messageId, string recipient, string note);

    [LoggerMessage(5004, LogLevel.Warning, "The smarthost {Smarthost} cannot be used: {Reason}")]
    public static partial void SmarthostAway(ILogger logger, string smarthost, string reason);

    [LoggerMessage(5006, LogLevel.Error, "Sending {MessageId} failed unexpectedly; it is tried again later")]
    public static partial void SenderFailed(ILogger logger, string messageId, Exception exception);

    [LoggerMessage(5008, LogLevel.Warning, "{MessageId} waited here for longer than it was claimed; another has it")]
    public static partial void ClaimLost(ILogger logger, string messageId);

    [LoggerMessage(5007, LogLevel.Error, "What became of {MessageId} cannot be stored; it will be sent again when its claim has run out")]
    public static partial void NotSettled(ILogger logger, string messageId, Exception exception);
}
