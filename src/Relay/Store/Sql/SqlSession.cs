using System.Data.Common;

namespace Relay.Store.Sql;

/// <summary>
/// One connection, used by one thread at a time, with its prepared statements. A statement is known by the instance of its
/// text, which is therefore a constant or a field; it names its parameters in the same order each time.
/// </summary>
/// <param name="connection">Open.</param>
/// <param name="dialect">Of its database.</param>
/// <param name="changes">What its transactions read they may change.</param>
internal sealed class SqlSession(DbConnection connection, SqlDialect dialect, bool changes = false) : IDisposable
{
    private readonly Dictionary<string, SqlStatement> _statements = new(ReferenceEqualityComparer.Instance);

    public SqlDialect Dialect { get; } = dialect;

    public DbConnection Connection { get; } = connection;

    /// <summary>Ends a selection of one row, so that no other process changes it before this transaction has ended.</summary>
    public string HoldRow { get; } = changes ? dialect.HoldRow : "";

    /// <summary>Returns how many rows were changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>For a statement that must not be prepared once and run again.</summary>
    public void ExecuteOnce(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    public List<T> Query<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var rows = Bind(sql, values).ExecuteReader();
        var result = new List<T>();
        while (rows.Read())
        {
            result.Add(map(rows));
        }

        return result;
    }

    /// <summary>The first row, or <c>default</c> when there is none.</summary>
    public T? First<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var rows = Bind(sql, values).ExecuteReader();
        return rows.Read() ? map(rows) : default;
    }

    /// <summary>The first column of the first row; null when there is no row, or it is null.</summary>
    public long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var rows = Bind(sql, values).ExecuteReader();
        return rows.Read() ? rows.NumberOrNull(0) : null;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }

    private DbCommand Command(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private DbCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new SqlStatement(Command(sql), Dialect.PreparesStatements);
            _statements.Add(sql, statement);
        }

        return statement.Bind(values);
    }
}
