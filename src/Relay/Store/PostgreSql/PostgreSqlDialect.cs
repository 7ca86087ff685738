using System.Data.Common;
using Npgsql;
using Relay.Store.Sql;

namespace Relay.Store.PostgreSql;

/// <summary>A server that several relays share: each claims under leases, and none waits for another's rows.</summary>
internal sealed class PostgreSqlDialect : SqlDialect
{
    // Any number that nobody else uses on this database.
    private const long UpgradeLock = 823_400_001;

    private const int PreparedStatements = 200;

    private readonly string _connectionString;

    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <exception cref="ArgumentException">The text is no connection string.</exception>
    public PostgreSqlDialect(string connectionString)
    {
        // The store keeps its sessions itself, and closes one to be rid of it.
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = PreparedStatements, Pooling = false };
        _connectionString = builder.ConnectionString;
    }

    /// <summary>Which server and database a connection string means, without its secrets.</summary>
    public static string NameOf(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return $"PostgreSQL {builder.Database ?? builder.Username} on {builder.Host}";
    }

    public override string Name => NameOf(_connectionString);

    public override string BeginWrite => "BEGIN";

    public override string BeginRead => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    public override string BeginUpgrade => $"BEGIN; SELECT pg_advisory_xact_lock({UpgradeLock})";

    // COMMIT alone ends a failed transaction without an error, as if it had been kept; a SELECT in it does not.
    public override string Commit => "SELECT 1; COMMIT";

    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string HoldRow => "FOR UPDATE";

    // A null has no type to prepare a command for; Npgsql prepares by the types that come.
    public override bool PreparesStatements => false;

    public override bool HasOneClaimer => false;

    // Not those that an extension made in the schema, which others may be using too.
    public override string Tables => """
        SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relname
        """;

    public override string SetDurability(bool durable) => durable ? "SET synchronous_commit TO on" : "SET synchronous_commit TO off";

    public override DbConnection Open(bool forWriting)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override string Schema(string sql) => sql
        .Replace("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", StringComparison.Ordinal)
        .Replace("INTEGER", "BIGINT", StringComparison.Ordinal)
        .Replace("BLOB", "BYTEA", StringComparison.Ordinal)
        .Replace(") WITHOUT ROWID", ")", StringComparison.Ordinal);

    public override StoreUnavailableException? Translate(Exception exception) => exception switch
    {
        StoreUnavailableException known => known,
        PostgresException postgres when FaultOf(postgres.SqlState) is { } fault => new StoreUnavailableException(fault, postgres.MessageText, postgres),
        PostgresException => null,
        NpgsqlException npgsql => new StoreUnavailableException(StoreFault.Unreachable, npgsql.Message, npgsql),
        _ => null,
    };

    public override bool IsConflict(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation,
    };

    /// <summary>Several relays may run.</summary>
    public override IDisposable TryLockForRun() => new NoLock();

    // Classes of SQLSTATE: PostgreSQL 15, appendix A.
    private static StoreFault? FaultOf(string state) => state switch
    {
        PostgresErrorCodes.DiskFull => StoreFault.Full,
        PostgresErrorCodes.LockNotAvailable => StoreFault.Locked,
        PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege => StoreFault.ReadOnly,
        PostgresErrorCodes.InvalidCatalogName => StoreFault.Unreachable, // there is no such database
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => StoreFault.Damaged,
        _ when state.StartsWith("08", StringComparison.Ordinal) // connection exceptions
            || state.StartsWith("28", StringComparison.Ordinal) // the account is refused
            || state.StartsWith("53", StringComparison.Ordinal) // insufficient resources
            || state.StartsWith("57", StringComparison.Ordinal) // operator intervention
            || state.StartsWith("58", StringComparison.Ordinal) => StoreFault.Unreachable, // system error
        _ => null,
    };
}
