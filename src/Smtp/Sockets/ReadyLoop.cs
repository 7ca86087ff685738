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
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private List<Action> _posted = [];
    private long _lastId = WakerId;
    private volatile bool _isOver;

    public ReadyLoop()
    {
        // Each wake is told of once, and need not be read.
        Epoll.Register(_epoll, _waker, Epoll.In | Epoll.EdgeTriggered, WakerId);
        _thread = new Thread(Run) { IsBackground = true, Name = "SMTP sockets" };
        _thread.Start();
    }

    /// <summary>Whether the loop's own thread asks.</summary>
    public bool IsHere => Thread.CurrentThread == _thread;

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

    /// <summary>Has it run on the loop's thread, which serves many: it must not block. Of a loop that is over, the pool runs it.</summary>
    public void Post(Action next)
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _posted.Add(next);
                if (_posted.Count == 1)
                {
                    Epoll.Wake(_waker);
                }

                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static next => next(), next, preferLocal: false);
    }

    /// <summary>Lets the thread end. It is not waited for, as it may be the one that calls.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _isOver = true;
                Epoll.Wake(_waker);
            }
        }
    }

    private void Run()
    {
        var events = new byte[AtOnce * Epoll.EventOctets];
        List<Action> empty = [];
        while (!_isOver)
        {
            var count = Epoll.Wait(_epoll, events);
            for (var i = 0; i < count; i++)
            {
                var (ready, id) = Epoll.Read(events, i);
                if (_targets.TryGetValue(id, out var target))
                {
                    target.OnReady(ready);
                }
            }

            empty = RunPosted(empty);
        }

        RunPosted(empty);
        Epoll.Close(_waker);
        Epoll.Close(_epoll);
    }

    // The list that was filled is the empty one of the next turn.
    private List<Action> RunPosted(List<Action> empty)
    {
        List<Action> posted;
        lock (_gate)
        {
            (posted, _posted) = (_posted, empty);
        }

        posted.ForEach(static next => next());
        posted.Clear();
        return posted;
    }
}
