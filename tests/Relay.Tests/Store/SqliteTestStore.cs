using Relay.Store;
using Relay.Store.Sql;

namespace Relay.Tests.Store;

/// <summary>A SQLite file in a folder of its own.</summary>
public sealed class SqliteTestStore : TestStore
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("relay-store-").FullName;

    public string DatabaseFile => Path.Combine(Folder, "relay.db");

    internal override SqlStore Open() => OpenIn(Folder);

    internal static SqlStore OpenIn(string folder) => SqliteStore.Open("Data Source=relay.db", folder, TimeProvider.System);

    protected override ValueTask DestroyAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
