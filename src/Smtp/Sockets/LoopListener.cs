using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Relay.Smtp.Sockets;

/// <summary>Accepts connections and gives each to one of the loops in turn.</summary>
internal sealed class LoopListener : IConnectionListener, IReadyTarget
{
    // So many in a row without waiting, and the rest goes to the pool: who floods us with connections must not keep the loop from those that talk.
    private const int AcceptsInARow = 16;

    private readonly Socket _socket;
    private readonly IReadOnlyList<ReadyLoop> _loops;
    private readonly Func<long> _nextId;
    private readonly Readiness _ready = new();
    private readonly long _watch;
    private volatile bool _closed;
    private int _row;

    /// <param name="socket">Listens.</param>
    /// <param name="loops">At least one; the first also watches this socket.</param>
    /// <param name="nextId">Never the same twice.</param>
    public LoopListener(Socket socket, IReadOnlyList<ReadyLoop> loops, Func<long> nextId)
    {
        _socket = socket;
        _loops = loops;
        _nextId = nextId;
        EndPoint = socket.LocalEndPoint!;
        _watch = loops[0].Watch(socket, Epoll.In, this);
    }

    public EndPoint EndPoint { get; }

    public void OnReady(uint events) => _ready.Signal();

    /// <exception cref="SocketException">There are no descriptors, most likely.</exception>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (_row >= AcceptsInARow)
        {
            await Task.Yield();
            _row = 0;
        }

        while (!_closed)
        {
            if (TryAccept() is { } connection)
            {
                _row++;
                return connection;
            }

            _row = 0;
            await _ready.WaitAsync();
            _ready.TryTake();
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (!_closed)
        {
            _closed = true;
            _loops[0].Forget(_watch);
            _socket.Dispose();
            _ready.Signal();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private LoopConnection? TryAccept()
    {
        Socket socket;
        try
        {
            // Asked first, as an exception for "nobody there" costs more than a session.
            if (!_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            {
                return null;
            }

            socket = _socket.Accept();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted)
        {
            _ready.Signal(); // It left between; others may stand behind it.
            return null;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException && _closed)
        {
            return null; // So did we.
        }

        try
        {
            socket.Blocking = false;
            socket.NoDelay = true;
            var id = _nextId();
            return new LoopConnection(socket, _loops[(int)(id % _loops.Count)], id.ToString("x", CultureInfo.InvariantCulture));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
