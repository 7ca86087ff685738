using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Relay.Smtp.Sockets;

/// <summary>Listens with loops of its own; on Linux.</summary>
internal sealed class LoopTransport : IConnectionListenerFactory, IDisposable
{
    private const int Backlog = 512;

    private readonly List<ReadyLoop> _loops = [];
    private readonly int _count;
    private long _lastId;

    /// <param name="count">Threads, 1 or more.</param>
    /// <param name="firstId">The ids of connections count up from here.</param>
    public LoopTransport(int count, long firstId)
    {
        _count = count;
        _lastId = firstId;
    }

    /// <exception cref="AddressInUseException">Another program listens there.</exception>
    /// <exception cref="SocketException">The address is not ours to listen on.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Blocking = false;
            socket.Listen(Backlog);
            while (_loops.Count < _count)
            {
                _loops.Add(new ReadyLoop());
            }

            return new(new LoopListener(socket, _loops, () => Interlocked.Increment(ref _lastId)));
        }
        catch (Exception e)
        {
            socket?.Dispose();
            throw e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } ? new AddressInUseException(e.Message, e) : e;
        }
    }

    public void Dispose()
    {
        _loops.ForEach(static loop => loop.Dispose());
        _loops.Clear();
    }
}
