using System.Runtime.CompilerServices;

namespace Relay.Smtp.Sockets;

/// <summary>Where a session runs. Awaited, what follows runs there: at once where it does already.</summary>
/// <remarks>What a session waits for may come on a thread that others wait for, such as the one that writes accepted mail.</remarks>
internal readonly struct SessionThread : ICriticalNotifyCompletion
{
    /// <summary>Any thread of the pool.</summary>
    public static readonly SessionThread Pool = new(null, isOfPool: true);

    private readonly ReadyLoop? _loop;
    private readonly bool _isOfPool;

    private SessionThread(ReadyLoop? loop, bool isOfPool)
    {
        _loop = loop;
        _isOfPool = isOfPool;
    }

    public bool IsCompleted => _loop is not null ? _loop.IsHere : !_isOfPool || Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>The one thread of the loop.</summary>
    public static SessionThread Of(ReadyLoop loop) => new(loop, isOfPool: false);

    public SessionThread GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        if (_loop is not null)
        {
            _loop.Post(continuation);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
        }
    }
}
