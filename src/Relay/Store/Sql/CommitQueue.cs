namespace Relay.Store.Sql;

/// <summary>Lets concurrent callers share what costs each of them as much as all together, such as an fsync.</summary>
/// <remarks>
/// A lone caller leads: it runs its own share inline. Whoever comes meanwhile queues, and the queue is the next group. The leader does not
/// serve it, or its own caller would wait for others' commits: a pool thread does, until no one is left. Where the last group was a crowd, the
/// next caller does not lead but queues too, and the pool first runs those that are about to come: fewer groups cost less.
/// </remarks>
/// <param name="commit">Deals with a group, one at a time; tells each member, and throws nothing.</param>
internal sealed class CommitQueue<TMember>(Action<List<TMember>> commit)
{
    // So that nobody waits for a transaction that has no end; the fsync is long since shared well.
    private const int MaxGroup = 256;

    private readonly Lock _gate = new();
    private readonly Queue<TMember> _queue = new();
    private TaskCompletionSource? _idle;
    private bool _leading;
    private bool _isCrowd;
    private bool _closed;

    /// <summary>Commits the member now, on this thread, or leaves it to the next group.</summary>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public void Enter(TMember member)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_leading || _isCrowd)
            {
                _queue.Enqueue(member);
            }

            if (_leading)
            {
                return;
            }

            _leading = true;
        }

        // Only a leader changes _isCrowd.
        if (_isCrowd)
        {
            ServeLater();
        }
        else
        {
            Lead([member]);
        }
    }

    /// <summary>Takes no more members; completes when those that were taken are dealt with.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            return _leading ? (_idle ??= new TaskCompletionSource()).Task : Task.CompletedTask;
        }
    }

    // Behind whatever the pool has to do already: sessions that will be members in a moment.
    private void ServeLater() => ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Serve(), this, preferLocal: false);

    private void Serve()
    {
        var group = TakeGroup();
        _isCrowd = group.Count > 1;
        Lead(group);
    }

    private void Lead(List<TMember> group)
    {
        try
        {
            commit(group);
        }
        finally
        {
            // Were it to throw after all, those who come later must not wait for ever for a leader that is gone.
            if (!TryStepDown())
            {
                ServeLater();
            }
        }
    }

    private List<TMember> TakeGroup()
    {
        lock (_gate)
        {
            var group = new List<TMember>(Math.Min(_queue.Count, MaxGroup));
            while (group.Count < MaxGroup && _queue.TryDequeue(out var member))
            {
                group.Add(member);
            }

            return group;
        }
    }

    private bool TryStepDown()
    {
        TaskCompletionSource? idle;
        lock (_gate)
        {
            if (_queue.Count > 0)
            {
                return false;
            }

            _leading = false;
            idle = _idle;
        }

        // Outside the lock: it runs what follows the close.
        idle?.TrySetResult();
        return true;
    }
}
