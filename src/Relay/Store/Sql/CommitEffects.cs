namespace Relay.Store.Sql;

/// <summary>What a transaction leads to outside the database, kept until it is committed and forgotten when it is not.</summary>
internal sealed class CommitEffects
{
    private readonly List<string> _filesToDelete = [];
    private readonly long[] _counts = new long[Enum.GetValues<TallyItem>().Length];
    private bool _spool;
    private bool _outbox;
    private bool _events;

    public void SpoolHasWork() => _spool = true;

    public void OutboxHasWork() => _outbox = true;

    public void LogHasEvents() => _events = true;

    public void Count(TallyItem item, long number = 1) => _counts[(int)item] += number;

    /// <summary>Counts a change that came about; returns whether it did.</summary>
    public bool CountIf(bool done, TallyItem item)
    {
        Count(item, done ? 1 : 0);
        return done;
    }

    public void DeleteFile(string name) => _filesToDelete.Add(name);

    public void Forget()
    {
        _filesToDelete.Clear();
        Array.Clear(_counts);
        _spool = _outbox = _events = false;
    }

    /// <summary>Rings what is to be rung and adds up what was done; returns the files that no row names any more.</summary>
    public IReadOnlyList<string> Apply(Bells bells, StoreTally tally)
    {
        for (var item = 0; item < _counts.Length; item++)
        {
            if (_counts[item] != 0)
            {
                tally.Add((TallyItem)item, _counts[item]);
            }
        }

        if (_spool)
        {
            bells.Spool.Ring();
        }

        if (_outbox)
        {
            bells.Outbox.Ring();
        }

        if (_events)
        {
            bells.Events.Ring();
        }

        IReadOnlyList<string> files = _filesToDelete.Count == 0 ? [] : [.. _filesToDelete];
        Forget();
        return files;
    }
}
