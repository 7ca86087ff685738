namespace Relay.Store.Sql;

/// <summary>What a transaction leads to outside the database, kept until it is committed and forgotten when it is not.</summary>
internal sealed class CommitEffects
{
    private readonly List<string> _filesToDelete = [];
    private bool _spool;
    private bool _outbox;
    private bool _events;

    public void SpoolHasWork() => _spool = true;

    public void OutboxHasWork() => _outbox = true;

    public void LogHasEvents() => _events = true;

    public void DeleteFile(string name) => _filesToDelete.Add(name);

    public void Forget()
    {
        _filesToDelete.Clear();
        _spool = _outbox = _events = false;
    }

    /// <summary>Rings what is to be rung; returns the files that no row names any more.</summary>
    public IReadOnlyList<string> Apply(Bells bells)
    {
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
