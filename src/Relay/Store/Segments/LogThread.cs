using System.Diagnostics;

namespace Relay.Store.Segments;

/// <summary>A thread of its own for what costs one caller as much as many together: who comes while a group is dealt with is of the next.</summary>
/// <remarks>
/// A lone caller is dealt with at once. Behind a crowd the thread first lets those run that are about to come, since fewer groups cost less; where
/// it then gets the processor back late, others want it too, and for a while it gives nothing away.
/// </remarks>
internal sealed class LogThread<TMember>
{
    // A scheduler's slice is longer than that, and what sessions have to do between two groups is shorter.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(2);
    private const int GroupsToKeep = 64;

    private readonly Action<List<TMember>> _commit;
    private readonly object _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<TMember> _queue = [];
    private bool _isWaiting;
    private bool _isClosed;
    private int _keepsFor;

    /// <param name="commit">Deals with a group, one at a time; tells each member, and throws nothing.</param>
    public LogThread(Action<List<TMember>> commit)
    {
        _commit = commit;
        new Thread(Run) { IsBackground = true, Name = "Spool log" }.Start();
    }

    /// <summary>Leaves the member to the next group.</summary>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public void Enter(TMember member)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _queue.Add(member);
            Wake();
        }
    }

    /// <summary>Takes no more members; completes when those that were taken are dealt with.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            Wake();
        }

        return _ended.Task;
    }

    private void Wake()
    {
        if (_isWaiting)
        {
            _isWaiting = false;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        List<TMember> group = [];
        while (TryTake(ref group))
        {
            _commit(group);
            if (group.Count > 1)
            {
                LetOthersCome();
            }

            group.Clear();
        }

        _ended.SetResult();
    }

    /// <summary>False when it is closed and empty.</summary>
    private bool TryTake(ref List<TMember> empty)
    {
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (_isClosed)
                {
                    return false;
                }

                _isWaiting = true;
                Monitor.Wait(_gate);
            }

            (empty, _queue) = (_queue, empty);
            return true;
        }
    }

    private void LetOthersCome()
    {
        if (_keepsFor > 0)
        {
            _keepsFor--;
            return;
        }

        var since = Stopwatch.GetTimestamp();
        Thread.Yield();
        if (Stopwatch.GetElapsedTime(since) > Late)
        {
            _keepsFor = GroupsToKeep;
        }
    }
}
