using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Intake;

/// <summary>Event ids 2000–2099.</summary>
internal static partial class IntakeLog
{
    [LoggerMessage(2000, LogLevel.Information, "{MailId}: {Outcome}")]
    public static partial void Settled(ILogger logger, string mailId, string outcome);

    [LoggerMessage(2001, LogLevel.Warning, "{MailId} waits: {Reason}")]
    public static partial void Waits(ILogger logger, string mailId, string reason);

    [LoggerMessage(2002, LogLevel.Error, "{MailId} failed at attempt {Attempt}")]
    public static partial void Failed(ILogger logger, string mailId, int attempt, Exception exception);

    [LoggerMessage(2003, LogLevel.Error, "{MailId} is set aside: {Note}")]
    public static partial void SetAside(ILogger logger, string mailId, string note);

    [LoggerMessage(2004, LogLevel.Error, "The store is unavailable ({Fault}); received mail waits")]
    public static partial void StoreUnavailable(ILogger logger, StoreFault fault, Exception exception);

    [LoggerMessage(2005, LogLevel.Information, "{MailId} is left for the next start")]
    public static partial void LeftForNextStart(ILogger logger, string mailId);

    [LoggerMessage(2008, LogLevel.Warning, "The sender of {MailId} cannot be told that it was set aside")]
    public static partial void NotApologised(ILogger logger, string mailId, Exception exception);

    [LoggerMessage(2009, LogLevel.Error, "What became of {MailId} cannot be stored; it is handled again when its claim has run out")]
    public static partial void NotSettled(ILogger logger, string mailId, Exception exception);

    [LoggerMessage(2006, LogLevel.Information, "{MailId} was settled by another worker")]
    public static partial void ClaimLost(ILogger logger, string mailId);
}
