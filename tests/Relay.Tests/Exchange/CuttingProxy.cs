using System.Net;
using System.Net.Sockets;

namespace Relay.Tests.Exchange;

/// <summary>Stands between the relay and Exchange and does what networks do: cuts connections, lets none through, stalls.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Func<int> _upstreamPort;
    private readonly Task _accepting;
    private int _stalled;
    private volatile TaskCompletionSource _flowing = Completed();

    public CuttingProxy(Func<int> upstreamPort)
    {
        _upstreamPort = upstreamPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>New connections are closed at once, as by a server that is down.</summary>
    public bool Refuses { get; set; }

    /// <summary>Cuts what is open, without a word; what was under way in it is lost.</summary>
    public void CutAll()
    {
        Socket[] open;
        lock (_gate)
        {
            open = [.. _open];
            _open.Clear();
        }

        foreach (var socket in open)
        {
            socket.Close(0);
        }
    }

    /// <summary>Nothing flows in either direction, while all connections stay open.</summary>
    public void Stall() => _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Flow() => _flowing.TrySetResult();

    /// <summary>What is stalled now stays so for good; new connections flow.</summary>
    public void Abandon() => _flowing = Completed();

    /// <summary>How many connections have something that does not flow.</summary>
    public int Stalled => _stalled;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Flow();
        _listener.Stop();
        CutAll();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync(_stop.Token);
            if (Refuses)
            {
                client.Close(0);
            }
            else
            {
                _ = ServeAsync(client);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_gate)
        {
            _open.Add(client);
            _open.Add(server);
        }

        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _upstreamPort(), _stop.Token);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server is not there: the client sees its connection end.
        }

        client.Close(0);
        server.Close(0);
        lock (_gate)
        {
            _open.Remove(client);
            _open.Remove(server);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var chunk = new byte[16 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(chunk, _stop.Token)) > 0;)
            {
                Interlocked.Increment(ref _stalled);
                await _flowing.Task.WaitAsync(_stop.Token);
                Interlocked.Decrement(ref _stalled);
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(chunk.AsMemory(sent, read - sent), _stop.Token);
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut by a test or by either end; both ends are closed by whoever waits for this.
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
