using System.Net;
using Microsoft.Extensions.Logging;

namespace Relay.Smtp.Server;

/// <summary>Event ids 1000 to 1099.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1000, LogLevel.Information, "SMTP listens on {EndPoint}")]
    public static partial void Listening(ILogger log, EndPoint endPoint);

    [LoggerMessage(1001, LogLevel.Debug, "Session {Session} from {Client} began")]
    public static partial void SessionBegan(ILogger log, string session, IPAddress client);

    [LoggerMessage(1002, LogLevel.Debug, "Session {Session} ended: {Reason}")]
    public static partial void SessionEnded(ILogger log, string session, string reason);

    [LoggerMessage(1003, LogLevel.Error, "Session {Session} failed")]
    public static partial void SessionFailed(ILogger log, Exception exception, string session);

    [LoggerMessage(1004, LogLevel.Warning, "Session from {Client} turned away: {Reply}")]
    public static partial void TurnedAway(ILogger log, IPAddress client, string reply);

    [LoggerMessage(1005, LogLevel.Error, "Session {Session}: the store failed for mail {Mail}; the sender was told to try again")]
    public static partial void StoreFailed(ILogger log, Exception exception, string session, string mail);

    [LoggerMessage(1006, LogLevel.Error, "Session {Session}: the handler failed at {Verb}; the client was told to try again")]
    public static partial void HandlerFailed(ILogger log, Exception exception, string session, string verb);

    [LoggerMessage(1007, LogLevel.Information, "Session {Session}: {Verb} refused: {Reply}")]
    public static partial void Refused(ILogger log, string session, string verb, string reply);

    [LoggerMessage(1008, LogLevel.Warning, "No connection could be accepted on {EndPoint}; tried again in a second")]
    public static partial void AcceptFailed(ILogger log, Exception exception, EndPoint endPoint);

    [LoggerMessage(1009, LogLevel.Information, "{Session} C: {Line}")]
    public static partial void TracedClient(ILogger log, string session, string line);

    [LoggerMessage(1010, LogLevel.Information, "{Session} S: {Line}")]
    public static partial void TracedServer(ILogger log, string session, string line);

    [LoggerMessage(1011, LogLevel.Error, "Session {Session} ended, but its connection could not be closed as it should be")]
    public static partial void EndFailed(ILogger log, Exception exception, string session);

    [LoggerMessage(1012, LogLevel.Error, "Session {Session}: the TLS handshake failed by our own fault; the connection is closed")]
    public static partial void HandshakeFailed(ILogger log, Exception exception, string session);
}
