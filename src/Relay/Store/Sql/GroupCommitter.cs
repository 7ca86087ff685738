namespace Relay.Store.Sql;

/// <summary>
/// Lets concurrent callers share a transaction and its fsync.
/// </summary>
/// <remarks>
/// 1. take the group (<see cref="CommitQueue{TMember}"/>), 2. run its members, 3. commit, 4. tell each.
/// </remarks>
internal sealed class GroupCommitter
{
    // Each of another process that took the same rows in another order costs one.
    private const int MostConflicts = 8;

    private readonly SqlWriter _writer;
    private readonly CommitQueue<CommitMember> _queue;

    public GroupCommitter(SqlWriter writer)
    {
        _writer = writer;
        _queue = new CommitQueue<CommitMember>(CommitGroup);
    }

    public Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, bool durable, CancellationToken cancellationToken)
    {
        var member = new GroupedWork<T>(work, durable, cancellationToken);
        _queue.Enter(member);
        return member.Task;
    }

    /// <summary>Takes no more work; completes when what was taken is committed.</summary>
    public Task CloseAsync() => _queue.CloseAsync();

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

    // A conflict says nothing against the work, and what it met is over: whoever won has committed.
    private void CommitAlone(CommitMember member)
    {
        for (int conflicts = 1; conflicts < MostConflicts; conflicts++)
        {
            if (TryCommit([member], failed: []))
            {
                return;
            }
        }

        TryCommit([member], failed: null);
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
            _writer.Begin(group.Exists(static member => member.IsDurable));
            foreach (var member in group)
            {
                running = member;
                member.Run(_writer.Transaction);
            }

            running = null;
            _writer.Commit(group.Count);
        }
        catch (Exception exception)
        {
            var fault = _writer.Rollback(exception);
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
        group.Count + failed.Count > 1 || _writer.IsConflict(exception);
}
