using System.Net;
using Microsoft.Extensions.Logging;

namespace Relay.Smtp.Server;

/// <summary>Event ids 1200 to 1299.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1200, LogLevel.Information, "SMTP listens on {EndPoint}")]
    public static partial void Listening(ILogger log, EndPoint endPoint);

    [LoggerMessage(1201, LogLevel.Debug, "Session {Session} from {Client} began")]
    public static partial void SessionBegan(ILogger log, string session, IPAddress client);

    [LoggerMessage(1202, LogLevel.Debug, "Session {Session} ended: {Reason}")]
    public static partial void SessionEnded(ILogger log, string session, string reason);

    [LoggerMessage(1203, LogLevel.Error, "Session {Session} failed")]
    public static partial void SessionFailed(ILogger log, Exception exception, string session);

    [LoggerMessage(1204, LogLevel.Warning, "Session from {Client} turned away: {Reply}")]
    public static partial void TurnedAway(ILogger log, IPAddress client, string reply);

    [LoggerMessage(1205, LogLevel.Error, "Session {Session}: the store failed for mail {Mail}; the sender was told to try again")]
    public static partial void StoreFailed(ILogger log, Exception exception, string session, string mail);

    [LoggerMessage(1206, LogLevel.Error, "Session {Session}: the handler failed at {Verb}; the client was told to try again")]
    public static partial void HandlerFailed(ILogger log, Exception exception, string session, string verb);

    [LoggerMessage(1207, LogLevel.Information, "Session {Session}: {Verb} refused: {Reply}")]
    public static partial void Refused(ILogger log, string session, string verb, string reply);

    [LoggerMessage(1208, LogLevel.Warning, "No connection could be accepted on {EndPoint}; tried again in a second")]
    public static partial void AcceptFailed(ILogger log, Exception exception, EndPoint endPoint);

    [LoggerMessage(1209, LogLevel.Information, "{Session} C: {Line}")]
    public static partial void TracedClient(ILogger log, string session, string line);

    [LoggerMessage(1210, LogLevel.Information, "{Session} S: {Line}")]
    public static partial void TracedServer(ILogger log, string session, string line);

    [LoggerMessage(1211, LogLevel.Error, "Session {Session} ended, but its connection could not be closed as it should be")]
    public static partial void EndFailed(ILogger log, Exception exception, string session);

    [LoggerMessage(1212, LogLevel.Error, "Session {Session}: the TLS handshake failed by our own fault; the connection is closed")]
    public static partial void HandshakeFailed(ILogger log, Exception exception, string session);
}
