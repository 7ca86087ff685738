using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Relay.Store.Sql;

/// <summary>The session that writes; used by one thread at a time. After a fault of the store it is opened anew.</summary>
internal sealed class SqlWriter(SqlDialect dialect, Bells bells, StoreTally tally, MailFiles files, ILogger logger) : IDisposable
{
    private SqlTables? _tables;
    private bool _durable = true;

    public IStoreTransaction Transaction => Tables;

    /// <summary>How many transactions were committed, each with one fsync at most.</summary>
    public long Commits { get; private set; }

    private SqlTables Tables => _tables ?? throw new InvalidOperationException("No transaction has begun.");

    public void Begin(bool durable)
    {
        _tables ??= new SqlTables(new SqlSession(dialect.Open(forWriting: true), dialect, changes: true));
        if (durable != _durable)
        {
            _tables.Session.ExecuteOnce(dialect.SetDurability(durable));
            _durable = durable;
        }

        _tables.Session.Execute(dialect.BeginWrite);
    }

    /// <param name="members">How many callers share it.</param>
    public void Commit(int members)
    {
        Tables.Session.Execute(dialect.Commit);
        Commits++;
        tally.Add(TallyItem.Commits, 1);
        tally.Add(TallyItem.CommitMembers, members);
        foreach (var name in Tables.Effects.Apply(bells, tally))
        {
            Delete(name);
        }
    }

    /// <summary>Whether the work failed on what another process did meanwhile, and would not on what is stored now.</summary>
    public bool IsConflict(Exception exception) => exception is AlreadyAnsweredException || dialect.IsConflict(exception);

    /// <summary>Undoes everything since <see cref="Begin"/>. Returns the store's fault when the error was not the work's own.</summary>
    public StoreUnavailableException? Rollback(Exception cause)
    {
        var fault = cause as StoreUnavailableException ?? dialect.Translate(cause);
        if (fault is not null)
        {
            // Whether the database has rolled back by itself depends on the error; closing the session settles it.
            StoreLog.Unavailable(logger, fault.Fault, fault.Message);
            Discard();
            return fault;
        }

        _tables?.Effects.Forget();
        try
        {
            _tables?.Session.Execute("ROLLBACK");
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            // A provider that knows its connection to be gone says so by the latter.
            StoreLog.Unavailable(logger, StoreFault.Unreachable, exception.Message);
            Discard();
        }

        return null;
    }

    public void Dispose() => Discard();

    private void Discard()
    {
        _tables?.Dispose();
        _tables = null;
        _durable = true;
    }

    private void Delete(string name)
    {
        try
        {
            files.Delete(name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The row is gone and the file is an orphan now; the next start removes it.
            StoreLog.FileNotDeleted(logger, name, exception.Message);
        }
    }
}
