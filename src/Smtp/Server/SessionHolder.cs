using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

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

    public SessionHolder(ConnectionContext connection, SmtpListenerOptions listener, ServerContext server)
    {
        _connection = connection;
        _listener = listener;
        _server = server;
        _channel = new SessionChannel(connection.Transport, new SessionDeadline(server.Time));
    }

    /// <summary>The end of the session, never a failure.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public void Start(CancellationToken ct) => Completion = Task.Run(() => ServeAsync(ct), CancellationToken.None);

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
        var address = (_connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (_server.Sessions.Enter(address) is { } refusal)
        {
            ServerLog.TurnedAway(_server.Log, address, refusal.ToString());
            _channel.Write(refusal);
            await EndAsync();
            return;
        }

        ServerLog.SessionBegan(_server.Log, _connection.ConnectionId, address);
        var reason = "the connection was cut";
        try
        {
            reason = await new SmtpSession(CreateContext(address)).RunAsync(ct);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            reason = e.Message;
        }
        catch (Exception e)
        {
            ServerLog.SessionFailed(_server.Log, e, _connection.ConnectionId);
        }
        finally
        {
            ServerLog.SessionEnded(_server.Log, _connection.ConnectionId, reason);
            _server.Sessions.Leave(address);
            await EndAsync();
        }
    }

    private SessionContext CreateContext(IPAddress address) => new(
        _server.Options,
        _listener,
        _server.Handler,
        _server.Time,
        _server.Log,
        _channel,
        new SessionState(address, _listener.Protocol, isTls: false),
        _connection.ConnectionId);

    /// <summary>Sends what is left to send and closes.</summary>
    private async Task EndAsync()
    {
        try
        {
            _channel.Deadline.Set(Grace);
            DropInput(_connection.Transport.Input);
            await _connection.Transport.Output.CompleteAsync();
            await _connection.Transport.Input.CompleteAsync();
            await _connection.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            ServerLog.SessionEnded(_server.Log, _connection.ConnectionId, e.Message);
        }
        finally
        {
            _server.Sessions.Remove(this);
        }
    }

    // Closing a socket with unread octets resets the connection, and the last reply may be lost with it.
    private static void DropInput(PipeReader input)
    {
        while (input.TryRead(out var rest))
        {
            input.AdvanceTo(rest.Buffer.End);
            if (rest.IsCompleted || rest.Buffer.IsEmpty)
            {
                return;
            }
        }
    }
}
