using System.Threading.Tasks.Sources;

namespace Relay.Smtp.Sockets;

/// <summary>
/// Whether it is worth asking a socket. Set from any thread, taken and waited for by one at a time. Who waits goes on on the thread that sets it.
/// </summary>
internal sealed class Readiness : IValueTaskSource
{
    private const int Idle = 0;
    private const int Set = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>It may be worth it.</summary>
    public void Signal()
    {
        if (Interlocked.Exchange(ref _state, Set) == Waiting)
        {
            _core.SetResult(true);
        }
    }

    /// <summary>Signals when the token is canceled, until the result is disposed of.</summary>
    public CancellationTokenRegistration SignalAt(CancellationToken ct) => ct.UnsafeRegister(static ready => ((Readiness)ready!).Signal(), this);

    /// <summary>
    /// True at most once for each time that it was set. Taken before the socket is asked, so that what becomes ready meanwhile is not lost.
    /// </summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Idle, Set) == Set;

    /// <summary>Completes when it is set; it may have been set in vain.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        return Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle ? new ValueTask(this, _core.Version) : ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
