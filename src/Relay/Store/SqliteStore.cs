using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Store.Sql;
using Relay.Store.Sqlite;

namespace Relay.Store;

/// <summary>The store in one SQLite file, with large contents in a folder beside it.</summary>
internal static class SqliteStore
{
    /// <param name="connectionString">As Microsoft.Data.Sqlite reads it; needs a Data Source.</param>
    /// <param name="baseFolder">Absolute; what a relative Data Source is relative to, whatever the current folder.</param>
    /// <param name="time">For the ages of files and the schema's history.</param>
    /// <param name="logger">For faults of the store.</param>
    /// <exception cref="ArgumentException">The connection string names no file; the message is a sentence.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be opened or written, is damaged, or was made by a later version.</exception>
    public static SqlStore Open(string connectionString, string baseFolder, TimeProvider time, ILogger? logger = null)
    {
        var dialect = new SqliteDialect(connectionString, baseFolder);
        return SqlStore.Open(dialect, FilesOf(dialect, time), time, logger ?? NullLogger.Instance);
    }

    /// <summary>As <see cref="Open"/>, locked first for the one relay that runs; null when another does.</summary>
    public static (SqlStore Store, IDisposable RunLock)? TryOpenForRun(string connectionString, string baseFolder, TimeProvider time, ILogger? logger = null)
    {
        var dialect = new SqliteDialect(connectionString, baseFolder);
        return SqlStore.TryOpenForRun(dialect, FilesOf(dialect, time), time, logger ?? NullLogger.Instance);
    }

    /// <summary>As <see cref="Open"/>, but a store that is there is not upgraded.</summary>
    public static SqlStore OpenOrMake(string connectionString, string baseFolder, TimeProvider time, ILogger? logger = null)
    {
        var dialect = new SqliteDialect(connectionString, baseFolder);
        return SqlStore.OpenOrMake(dialect, FilesOf(dialect, time), time, logger ?? NullLogger.Instance);
    }

    /// <summary>As <see cref="Open"/>, where there is one already that this version has made or upgraded.</summary>
    public static SqlStore OpenExisting(string connectionString, string baseFolder, TimeProvider time, ILogger? logger = null)
    {
        var dialect = new SqliteDialect(connectionString, baseFolder);
        return SqlStore.OpenExisting(dialect, FilesOf(dialect, time), time, logger ?? NullLogger.Instance);
    }

    private static MailFiles FilesOf(SqliteDialect dialect, TimeProvider time) => new(dialect.DatabaseFile + ".mails", time);
}
