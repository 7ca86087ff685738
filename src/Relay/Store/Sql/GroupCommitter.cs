namespace Relay.Store.Sql;

/// <summary>
/// Lets concurrent callers share a transaction and its fsync.
/// </summary>
/// <remarks>
/// The first caller leads: it runs its own work inline and commits. Whoever comes meanwhile queues, and the queue is the next
/// group. The leader does not serve it, or its own caller would wait for others' commits: a pool thread does, until no one is
/// left. 1. take the group, 2. run its members, 3. commit, 4. tell each.
/// </remarks>
internal sealed class GroupCommitter(SqlWriter writer)
{
    // So that nobody waits for a transaction that has no end; the fsync is long since shared well.
    private const int MaxGroup = 256;

    private readonly Lock _gate = new();
    private readonly Queue<CommitMember> _queue = new();
    private TaskCompletionSource? _idle;
    private bool _leading;
    private bool _closed;

    public Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, bool durable, CancellationToken cancellationToken)
    {
        var member = new GroupedWork<T>(work, durable, cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_leading)
            {
                _queue.Enqueue(member);
                return member.Task;
            }

            _leading = true;
        }

        CommitGroup([member]);
        if (!TryStepDown())
        {
            ThreadPool.UnsafeQueueUserWorkItem(static committer => committer.ServeQueue(), this, preferLocal: false);
        }

        return member.Task;
    }

    /// <summary>Takes no more work; completes when what was taken is committed.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            return _leading ? (_idle ??= new TaskCompletionSource()).Task : Task.CompletedTask;
        }
    }

    private void ServeQueue()
    {
        do
        {
            CommitGroup(TakeGroup());
        }
        while (!TryStepDown());
    }

    private List<CommitMember> TakeGroup()
    {
        lock (_gate)
        {
            var group = new List<CommitMember>(Math.Min(_queue.Count, MaxGroup));
            while (group.Count < MaxGroup && _queue.TryDequeue(out var member))
            {
                group.Add(member);
            }

            return group;
        }
    }

    private bool TryStepDown()
    {
        lock (_gate)
        {
            if (_queue.Count > 0)
            {
                return false;
            }

            _leading = false;
            _idle?.SetResult();
            return true;
        }
    }

    private void CommitGroup(List<CommitMember> group)
    {
        group.RemoveAll(static member => !member.Begin());
        var failed = new List<CommitMember>();
        while (group.Count > 0 && !TryCommit(group, failed))
        {
        }

        // Judged once more, alone, on what is really stored: it may have failed on a row that was rolled back.
        foreach (var member in failed)
        {
            CommitAlone(member);
        }
    }

    /// <summary>
    /// False when one member failed: it is moved to <paramref name="failed"/> and nothing of the group is stored. With no such
    /// list a failure is final.
    /// </summary>
    private bool TryCommit(List<CommitMember> group, List<CommitMember>? failed)
    {
        CommitMember? running = null;
        try
        {
            writer.Begin(group.Exists(static member => member.IsDurable));
            foreach (var member in group)
            {
                running = member;
                member.Run(writer.Transaction);
            }

            running = null;
            writer.Commit(group.Count);
        }
        catch (Exception exception)
        {
            var fault = writer.Rollback(exception);
            if (fault is null && running is not null && failed is not null && IsWorthAnother(group, failed, exception))
            {
                group.Remove(running);
                failed.Add(running);
                return false;
            }

            group.ForEach(member => member.Fail(fault ?? exception));
            return true;
        }

        group.ForEach(static member => member.Complete());
        return true;
    }

    private bool IsWorthAnother(List<CommitMember> group, List<CommitMember> failed, Exception exception) =>
        group.Count + failed.Count > 1 || writer.IsConflict(exception);

    private void CommitAlone(CommitMember member) => TryCommit([member], failed: null);
}
