using System.Data.Common;
using Microsoft.Data.Sqlite;
using Relay.Store.Segments;
using Relay.Store.Sql;

namespace Relay.Store.Sqlite;

/// <summary>One file, write-ahead log, synced at every commit.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    // Other processes, such as `relay deliver`, commit in milliseconds.
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(5);

    // The provider asks again by itself, in steps of 150 ms, until this has passed; SQLite has waited long enough before.
    private const int ProviderTimeoutSeconds = 1;

    private const string WriterPragmas = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -65536;
        PRAGMA wal_autocheckpoint = 4000;
        PRAGMA journal_size_limit = 67108864;
        """;

    private const string ReaderPragmas = """
        PRAGMA query_only = ON;
        PRAGMA temp_store = MEMORY;
        """;

    private readonly string _connectionString;
    private readonly int _lockWaitMilliseconds;
    private readonly bool _makesFile;

    /// <param name="connectionString">As Microsoft.Data.Sqlite reads it; needs a Data Source.</param>
    /// <param name="baseFolder">Absolute; what a relative Data Source is relative to, whatever the current folder.</param>
    /// <param name="lockWait">How long another process may hold the write lock; 5 s unless given.</param>
    /// <exception cref="ArgumentException">The connection string names no file.</exception>
    public SqliteDialect(string connectionString, string baseFolder, TimeSpan? lockWait = null)
    {
        _lockWaitMilliseconds = (int)(lockWait ?? LockWait).TotalMilliseconds;
        var builder = new SqliteConnectionStringBuilder(connectionString);
        if (builder.DataSource.Length == 0 || builder.DataSource == ":memory:" || builder.Mode == SqliteOpenMode.Memory)
        {
            throw new ArgumentException("The store must be a file: Data Source names none.", nameof(connectionString));
        }

        DatabaseFile = Path.GetFullPath(builder.DataSource, baseFolder);
        Segments = new SegmentFolder(DatabaseFile + ".spool");
        builder.DataSource = DatabaseFile;
        _makesFile = builder.Mode == SqliteOpenMode.ReadWriteCreate;
        builder.Pooling = false;
        builder.DefaultTimeout = ProviderTimeoutSeconds;
        _connectionString = builder.ConnectionString;
    }

    /// <summary>Absolute.</summary>
    public string DatabaseFile { get; }

    public override string Name => DatabaseFile;

    public override string BeginWrite => "BEGIN IMMEDIATE";

    public override string BeginRead => "BEGIN";

    public override string SkipLocked => "";

    public override string HoldRow => ""; // there is one writer at a time

    public override bool HasOneClaimer => true;

    public override SegmentFolder Segments { get; }

    public override string Tables => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";

    // Its log and the index of that get their rights from the database, when SQLite makes them.
    public override IReadOnlyList<string> Places =>
        [DatabaseFile, DatabaseFile + "-wal", DatabaseFile + "-shm", LockFile, Segments.Path];

    private string LockFile => DatabaseFile + ".lock";

    // Without FULL a commit is in the log but not synced; the next FULL commit and every checkpoint sync the log as a whole. The
    // pragma acts when it is compiled, so it is never run from a prepared statement.
    public override string SetDurability(bool durable) => durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";

    public override DbConnection Open(bool forWriting)
    {
        if (forWriting && _makesFile)
        {
            MakeFile();
        }

        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            SQLitePCL.raw.sqlite3_busy_timeout(connection.Handle, _lockWaitMilliseconds);
            using var command = connection.CreateCommand();
            command.CommandText = forWriting ? WriterPragmas : ReaderPragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override bool IsThere()
    {
        try
        {
            return !File.GetAttributes(DatabaseFile).HasFlag(FileAttributes.Directory);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false; // that is how it says so
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Translate(exception, "The store cannot be seen");
        }
    }

    public override StoreUnavailableException? Translate(Exception exception) => exception switch
    {
        StoreUnavailableException known => known,
        SqliteException sqlite when FaultOf(sqlite.SqliteErrorCode) is { } fault =>
            new StoreUnavailableException(fault, $"{DatabaseFile}: {SQLitePCL.raw.sqlite3_errstr(sqlite.SqliteExtendedErrorCode).utf8_to_string()}{Advice(sqlite)}", sqlite),
        UnauthorizedAccessException => new StoreUnavailableException(StoreFault.ReadOnly, exception.Message, exception),
        _ => null,
    };

    public override IDisposable? TryLockForRun()
    {
        try
        {
            OwnerOnly.CreateFolder(Path.GetDirectoryName(DatabaseFile)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Translate(exception, "The folder of the store cannot be made");
        }

        return RunLock.TryTake(LockFile);
    }

    // SQLite would make it by the umask.
    private void MakeFile()
    {
        try
        {
            OwnerOnly.CreateFolder(Path.GetDirectoryName(DatabaseFile)!);
            OwnerOnly.CreateEmpty(DatabaseFile, IsThere);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Translate(exception, "The store cannot be made");
        }
    }

    // The store is its owner's alone, so that this is what another user's commands meet.
    private static string Advice(SqliteException exception) => exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_CANTOPEN
        ? "; run this as the relay's user, or look at the rights of the file and its folder"
        : "";

    private static StoreFault? FaultOf(int code) => code switch
    {
        SQLitePCL.raw.SQLITE_FULL => StoreFault.Full,
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_AUTH => StoreFault.ReadOnly,
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => StoreFault.Locked,
        SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PROTOCOL => StoreFault.Unreachable,
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => StoreFault.Damaged,
        _ => null,
    };
}
