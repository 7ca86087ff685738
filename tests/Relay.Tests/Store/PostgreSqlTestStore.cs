using Relay.Store;
using Relay.Store.Sql;

namespace Relay.Tests.Store;

/// <summary>A database of its own on the tests' server, opened as by a relay.</summary>
public sealed class PostgreSqlTestStore(PostgreSqlServer server) : TestStore
{
    private string? _connectionString;

    public string Folder { get; } = Directory.CreateTempSubdirectory("relay-store-").FullName;

    public string Connection => _connectionString ??= server.CreateDatabase();

    internal override SqlStore Open() => PostgreSqlStore.Open(Connection, Folder, TimeProvider.System);

    protected override ValueTask DestroyAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
