using Relay.Settings;
using Relay.Store.PostgreSql;
using Relay.Store.Sql;
using Relay.Store.Sqlite;

namespace Relay.Store;

/// <summary>The section <c>Relay:Store</c>: what survives a restart, and where.</summary>
internal sealed record StoreOptions(StoreProvider Provider, string ConnectionString)
{
    public static StoreOptions Read(SettingsReader settings)
    {
        var provider = settings.Choice("Provider", StoreProvider.Sqlite);
        var connection = settings.Text("ConnectionString", provider == StoreProvider.Sqlite ? "Data Source=relay.db" : "");
        if (FaultOf(provider, connection) is { } fault)
        {
            settings.Fault("ConnectionString", fault);
        }

        return new StoreOptions(provider, connection);
    }

    private static string? FaultOf(StoreProvider provider, string connection)
    {
        if (connection.Length == 0)
        {
            return "is empty; say which server and database, as in \"Host=db;Database=relay;Username=relay\"";
        }

        try
        {
            _ = provider == StoreProvider.Sqlite
                ? (SqlDialect)new SqliteDialect(connection, Path.GetTempPath())
                : new PostgreSqlDialect(connection);
            return null;
        }
        catch (ArgumentException exception)
        {
            return $"cannot be read: {exception.Message.TrimEnd('.')}";
        }
    }
}
