using Microsoft.Extensions.Logging;
using Relay.Store.Sql;

namespace Relay.Store;

/// <summary>Opens the store that the settings name.</summary>
internal static class StoreFactory
{
    /// <param name="options">Read from the settings.</param>
    /// <param name="dataFolder">Absolute; what relative paths in the settings are relative to.</param>
    /// <param name="time">For the ages of files and the schema's history.</param>
    /// <param name="logger">For faults of the store.</param>
    /// <exception cref="ArgumentException">The connection string is none, or names no file; the message is a sentence.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be opened.</exception>
    public static SqlStore Open(StoreOptions options, string dataFolder, TimeProvider time, ILogger? logger = null) => options.Provider switch
    {
        StoreProvider.Sqlite => SqliteStore.Open(options.ConnectionString, dataFolder, time, logger),
        StoreProvider.PostgreSql => PostgreSqlStore.Open(options.ConnectionString, Path.Combine(dataFolder, "mails"), time, logger),
        _ => throw NoSuchStore(options),
    };

    /// <summary>As <see cref="Open"/>, locked first for the one relay that runs; null when another does.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be locked or opened.</exception>
    public static (SqlStore Store, IDisposable RunLock)? TryOpenForRun(
        StoreOptions options, string dataFolder, TimeProvider time, ILogger? logger = null) => options.Provider switch
        {
            StoreProvider.Sqlite => SqliteStore.TryOpenForRun(options.ConnectionString, dataFolder, time, logger),
            StoreProvider.PostgreSql => PostgreSqlStore.TryOpenForRun(options.ConnectionString, Path.Combine(dataFolder, "mails"), time, logger),
            _ => throw NoSuchStore(options),
        };

    /// <summary>As <see cref="Open"/> beside a relay that may run: makes a store where there is none, and upgrades none.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, or a relay of another version made it.</exception>
    public static SqlStore OpenOrMake(StoreOptions options, string dataFolder, TimeProvider time, ILogger? logger = null) => options.Provider switch
    {
        StoreProvider.Sqlite => SqliteStore.OpenOrMake(options.ConnectionString, dataFolder, time, logger),
        StoreProvider.PostgreSql => PostgreSqlStore.OpenOrMake(options.ConnectionString, Path.Combine(dataFolder, "mails"), time, logger),
        _ => throw NoSuchStore(options),
    };

    /// <summary>As <see cref="Open"/> beside a relay that runs or ran: makes no store and upgrades none.</summary>
    /// <exception cref="StoreUnavailableException">There is none, it cannot be opened, or a relay of another version made it.</exception>
    public static SqlStore OpenExisting(StoreOptions options, string dataFolder, TimeProvider time, ILogger? logger = null) => options.Provider switch
    {
        StoreProvider.Sqlite => SqliteStore.OpenExisting(options.ConnectionString, dataFolder, time, logger),
        StoreProvider.PostgreSql => PostgreSqlStore.OpenExisting(options.ConnectionString, Path.Combine(dataFolder, "mails"), time, logger),
        _ => throw NoSuchStore(options),
    };

    private static ArgumentException NoSuchStore(StoreOptions options) => new($"There is no store {options.Provider}.", nameof(options));
}
