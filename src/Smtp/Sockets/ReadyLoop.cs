using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Relay.Smtp.Sockets;

/// <summary>A thread that waits for many sockets and runs what was waiting for one of them, without handing it to another thread.</summary>
internal sealed class ReadyLoop : IDisposable
{
    private const int AtOnce = 256;
    private const long WakerId = 0;

    private readonly ConcurrentDictionary<long, IReadyTarget> _targets = new();
    private readonly int _epoll = Epoll.Create();
    private readonly int _waker = Epoll.CreateWaker();
    private long _lastId = WakerId;

    public ReadyLoop()
    {
        Epoll.Register(_epoll, _waker, Epoll.In, WakerId);
        new Thread(Run) { IsBackground = true, Name = "SMTP sockets" }.Start();
    }

    /// <summary>Watches the socket until <see cref="Forget"/>; the result is for that.</summary>
    public long Watch(Socket socket, uint events, IReadyTarget target)
    {
        var id = Interlocked.Increment(ref _lastId);
        _targets[id] = target;
        try
        {
            Epoll.Register(_epoll, (int)socket.Handle, events | Epoll.EdgeTriggered, id);
            return id;
        }
        catch
        {
            Forget(id);
            throw;
        }
    }

    /// <summary>Before the socket is closed: the kernel forgets it then by itself.</summary>
    public void Forget(long id) => _targets.TryRemove(id, out _);

    /// <summary>Lets the thread end. It is not waited for, as it may be the one that calls.</summary>
    public void Dispose() => Epoll.Wake(_waker);

    private void Run()
    {
        var events = new byte[AtOnce * Epoll.EventOctets];
        var isOver = false;
        while (!isOver)
        {
            var count = Epoll.Wait(_epoll, events);
            for (var i = 0; i < count; i++)
            {
                var (ready, id) = Epoll.Read(events, i);
                isOver |= id == WakerId;
                if (_targets.TryGetValue(id, out var target))
                {
                    target.OnReady(ready);
                }
            }
        }

        Epoll.Close(_waker);
        Epoll.Close(_epoll);
    }
}
