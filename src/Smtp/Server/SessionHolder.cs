using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Relay.Smtp.Sockets;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>A connection with the session on it, from accept to close, as the server holds it.</summary>
internal sealed class SessionHolder
{
    // How long a client that was told of its deadline may keep the connection.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly ConnectionContext _connection;
    private readonly SmtpListenerOptions _listener;
    private readonly ServerContext _server;
    private readonly SessionChannel _channel;
    private readonly SessionPlace _place;

    public SessionHolder(ConnectionContext connection, SmtpListenerOptions listener, ServerContext server)
    {
        _connection = connection;
        _listener = listener;
        _server = server;
        var trace = new SessionTrace(server.Trace, server.Log, connection.ConnectionId);
        _place = new SessionPlace(server.Sessions);
        _channel = new SessionChannel(connection.Transport, new SessionDeadline(server.Time), trace);
    }

    /// <summary>The end of the session, never a failure.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public void Start(CancellationToken ct) => Completion = ServeAsync(ct);

    /// <summary>RFC 5321 §3.8: 421 once nothing is under way.</summary>
    public void Stop() => _channel.Stop();

    public void Abort(string reason) => _connection.Abort(new ConnectionAbortedException(reason));

    /// <summary>Called once a second.</summary>
    public void CheckDeadline()
    {
        if (_channel.Deadline.HasPassed(Grace))
        {
            Abort("The client neither reads nor writes.");
        }
        else if (_channel.Deadline.HasPassed(TimeSpan.Zero))
        {
            _channel.Wake();
        }
    }

    private async Task ServeAsync(CancellationToken ct)
    {
        var reason = "no PROXY header";
        var isHeard = false;
        try
        {
            var peer = ProxiedAddress.Plain((_connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None);
            var client = await ProxiedAddress.ReadAsync(_channel, peer, _listener, _server.Options.Limits.HandshakeTimeout, ct);
            if (client is not null)
            {
                var last = await ServeAsync(client, ProxiedAddress.IsFront(client, ProxiedAddress.IsProxy(peer, _listener), _listener), ct);
                reason = last?.ToString() ?? "the client left";
                isHeard = last is null || last == SmtpReplies.Bye;
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            reason = e.Message;
            isHeard = true;
        }
        catch (Exception e)
        {
            ServerLog.SessionFailed(_server.Log, e, _connection.ConnectionId);
            reason = e.Message;
            Apologise();
        }
        finally
        {
            try
            {
                ServerLog.SessionEnded(_server.Log, _connection.ConnectionId, reason);
            }
            finally
            {
                await EndAsync(lingers: !isHeard, ct);
            }
        }
    }

    // RFC 5321 §3.8: 421, where it would not stand in the middle of something else, or in the clear where TLS is awaited.
    private void Apologise()
    {
        if (_channel.CanReply && (_listener.Tls != SmtpTlsMode.Implicit || _channel.Tls is not null))
        {
            _channel.Write(SmtpReplies.InternalError);
        }
    }

    /// <summary>Our last reply; null where the client left.</summary>
    private async Task<SmtpReply?> ServeAsync(IPAddress client, bool isFront, CancellationToken ct)
    {
        _channel.Trace.Client = client;
        if (_place.MoveTo(client) is { } refusal)
        {
            ServerLog.TurnedAway(_server.Log, client, refusal.ToString());
            _channel.Write(refusal);
            return refusal;
        }

        ServerLog.SessionBegan(_server.Log, _connection.ConnectionId, client);
        var state = new SessionState(client, _listener.Protocol, isFront);
        try
        {
            var thread = _connection is LoopConnection own ? own.Thread : SessionThread.Pool;
            var context = new SessionContext(
                _server.Options, _listener, _server.Handler, _server.Time, _server.Log, _channel, state, _place, thread, _connection.ConnectionId);
            if (_listener.Tls == SmtpTlsMode.Implicit)
            {
                await StartTlsCommand.EncryptAsync(context, ct);
            }

            return await new SmtpSession(context).RunAsync(ct);
        }
        finally
        {
            await state.EndMailAsync();
        }
    }

    /// <summary>Sends what is left to send and closes.</summary>
    /// <param name="lingers">We hang up, and the client may not know it: it may be sending.</param>
    /// <param name="ct">The server gives up on the session.</param>
    private async Task EndAsync(bool lingers, CancellationToken ct)
    {
        try
        {
            _channel.Deadline.Set(Grace);
            DropInput(_channel.Transport.Input);
            await _channel.EndTlsAsync();
            await _connection.Transport.Output.CompleteAsync();
            // Who was turned away has no place, and is not waited for: such clients are many when places are few.
            if (lingers && _place.IsTaken && _connection is LoopConnection connection)
            {
                await LastWord.LingerAsync(connection, _channel, ct);
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            ServerLog.SessionEnded(_server.Log, _connection.ConnectionId, e.Message);
        }
        catch (Exception e)
        {
            // Whoever stops the server waits for all sessions, and this one is over whatever its end was like.
            ServerLog.EndFailed(_server.Log, e, _connection.ConnectionId);
        }
        finally
        {
            _place.Leave();
            await _connection.Transport.Input.CompleteAsync();
            await _connection.DisposeAsync();
            _server.Sessions.Remove(this);
        }
    }

    // Closing a socket with unread octets resets the connection, and the last reply may be lost with it.
    private static void DropInput(PipeReader input)
    {
        for (var reads = 0; reads < 16 && input.TryRead(out var rest); reads++)
        {
            input.AdvanceTo(rest.Buffer.End);
            if (rest.IsCompleted || rest.Buffer.IsEmpty)
            {
                return;
            }
        }
    }
}
