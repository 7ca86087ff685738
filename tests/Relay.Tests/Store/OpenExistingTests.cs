using Relay.Store;
using Relay.Store.Sql;

namespace Relay.Tests.Store;

/// <summary>Commands that work beside a relay open its store and never make or upgrade one.</summary>
public sealed class OpenExistingTests(PostgreSqlServer server)
{
    [Fact]
    public async Task A_file_that_is_not_there_is_named_and_not_made()
    {
        await using var database = new SqliteTestStore();

        var refused = Assert.Throws<StoreUnavailableException>(() => Open(database.Folder));

        Assert.Contains(database.DatabaseFile, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(database.DatabaseFile));
    }

    [Fact]
    public async Task A_store_of_another_version_is_refused_and_left_alone()
    {
        await using var database = new SqliteTestStore();
        var store = await database.ReopenAsync();
        await store.CommitAsync(
            t =>
            {
                ((SqlTables)t).Session.ExecuteOnce("DELETE FROM schema_version WHERE version > 1");
                return 0;
            },
            CancellationToken.None);

        var refused = Assert.Throws<StoreUnavailableException>(() => Open(database.Folder));

        Assert.Contains("schema 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_holds_something_else_is_refused()
    {
        await using var database = new SqliteTestStore();
        await File.WriteAllTextAsync(database.DatabaseFile, new string('x', 5000));

        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreUnavailableException>(() => Open(database.Folder)).Fault);
    }

    [Fact]
    public async Task A_postgresql_database_without_a_store_is_refused_and_one_with_it_opened()
    {
        await using var database = new PostgreSqlTestStore(server);
        string connection = database.Connection;

        Assert.Throws<StoreUnavailableException>(() => PostgreSqlStore.OpenExisting(connection, database.Folder, TimeProvider.System));
        await database.ReopenAsync();
        await using var beside = PostgreSqlStore.OpenExisting(connection, database.Folder, TimeProvider.System);

        Assert.Equal(0, beside.Read(t => t.OperatorActions.LastId()));
    }

    private static SqlStore Open(string folder) => SqliteStore.OpenExisting("Data Source=relay.db", folder, TimeProvider.System);
}
