using System.Collections.Concurrent;

namespace Relay.Store.Sql;

/// <summary>Sessions that read snapshots, kept for the next reader.</summary>
internal sealed class SqlReaders(SqlDialect dialect) : IDisposable
{
    private const int MaxKept = 8;

    private readonly ConcurrentBag<SqlTables> _idle = [];

    public T Read<T>(Func<IStoreTransaction, T> work)
    {
        SqlTables? tables = null;
        try
        {
            if (!_idle.TryTake(out tables))
            {
                tables = new SqlTables(new SqlSession(dialect.Open(forWriting: false), dialect));
            }

            tables.Session.Execute(dialect.BeginRead);
            var result = work(tables);
            tables.Session.Execute(dialect.Commit);
            Keep(tables);
            return result;
        }
        catch (Exception exception)
        {
            // Opening another is cheap, and an error while reading is rare.
            tables?.Dispose();
            if (dialect.Translate(exception) is { } fault)
            {
                throw fault;
            }

            throw;
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var tables))
        {
            tables.Dispose();
        }
    }

    private void Keep(SqlTables tables)
    {
        if (_idle.Count < MaxKept)
        {
            _idle.Add(tables);
        }
        else
        {
            tables.Dispose();
        }
    }
}
