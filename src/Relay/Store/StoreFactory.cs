using Microsoft.Extensions.Logging;
using Relay.Store.Sql;
using Relay.Store.Sqlite;

namespace Relay.Store;

/// <summary>Opens the store that the settings name.</summary>
internal static class StoreFactory
{
    /// <param name="options">Checked here.</param>
    /// <param name="baseFolder">Absolute; what relative paths in the settings are relative to.</param>
    /// <param name="time">For ages and the schema's history.</param>
    /// <param name="loggers">For faults of the store.</param>
    /// <exception cref="ArgumentException">The settings name no store that there is; the message is a sentence with the key.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be opened.</exception>
    public static IStore Open(StoreOptions options, string baseFolder, TimeProvider time, ILoggerFactory loggers)
    {
        if (!string.Equals(options.Provider, "Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"Relay:Store:Provider is {options.Provider}; it can be Sqlite.", nameof(options));
        }

        var dialect = new SqliteDialect(options.ConnectionString, baseFolder);
        var files = new MailFiles(dialect.DatabaseFile + ".mails", time);
        return SqlStore.Open(dialect, files, time, loggers.CreateLogger("Relay.Store"));
    }
}
