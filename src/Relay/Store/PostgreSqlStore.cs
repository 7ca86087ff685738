using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Store.PostgreSql;
using Relay.Store.Sql;

namespace Relay.Store;

/// <summary>The store on a PostgreSQL server, for several relays.</summary>
internal static class PostgreSqlStore
{
    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <param name="mailFolder">Absolute; holds large contents, and is the same folder for all relays of the database.</param>
    /// <param name="time">For the ages of files and the schema's history.</param>
    /// <param name="logger">For faults of the store.</param>
    /// <exception cref="ArgumentException">The text is no connection string.</exception>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, or the database was made by a later version.</exception>
    public static SqlStore Open(string connectionString, string mailFolder, TimeProvider time, ILogger? logger = null) =>
        SqlStore.Open(new PostgreSqlDialect(connectionString), new MailFiles(mailFolder, time), time, logger ?? NullLogger.Instance);

    /// <summary>As <see cref="Open"/>; several relays may run, so it is never null.</summary>
    public static (SqlStore Store, IDisposable RunLock)? TryOpenForRun(string connectionString, string mailFolder, TimeProvider time, ILogger? logger = null) =>
        SqlStore.TryOpenForRun(new PostgreSqlDialect(connectionString), new MailFiles(mailFolder, time), time, logger ?? NullLogger.Instance);

    /// <summary>As <see cref="Open"/>, but a store that is there is not upgraded.</summary>
    public static SqlStore OpenOrMake(string connectionString, string mailFolder, TimeProvider time, ILogger? logger = null) =>
        SqlStore.OpenOrMake(new PostgreSqlDialect(connectionString), new MailFiles(mailFolder, time), time, logger ?? NullLogger.Instance);

    /// <summary>As <see cref="Open"/>, where there is one already that this version has made or upgraded.</summary>
    public static SqlStore OpenExisting(string connectionString, string mailFolder, TimeProvider time, ILogger? logger = null) =>
        SqlStore.OpenExisting(new PostgreSqlDialect(connectionString), new MailFiles(mailFolder, time), time, logger ?? NullLogger.Instance);
}
