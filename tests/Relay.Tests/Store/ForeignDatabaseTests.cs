using Microsoft.Data.Sqlite;
using Npgsql;
using Relay.Store;
using Relay.TestKit;

namespace Relay.Tests.Store;

/// <summary>A database that holds another program's tables is nobody's to make a store of, and is left as it was.</summary>
public sealed class ForeignDatabaseTests(PostgreSqlServer server) : IDisposable
{
    private readonly TempFolder _temp = new();

    private string DatabaseFile => _temp.File("other.db");

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("tables of another name", "CREATE TABLE places (id INTEGER)", "places")]
    [InlineData("a table of versions, as others have it", "CREATE TABLE schema_version (version INTEGER, name TEXT); INSERT INTO schema_version VALUES (3, 'x')", "schema_version")]
    [InlineData("some names that we have too", "CREATE TABLE schema_version (version INTEGER); CREATE TABLE spool (id INTEGER); CREATE TABLE a (x); CREATE TABLE b (x)", "a, b, schema_version, …")]
    public void Whoever_opens_it_is_told_and_not_an_octet_of_it_changes(string why, string sql, string tables)
    {
        Execute(sql);
        byte[] before = File.ReadAllBytes(DatabaseFile);

        Assert.All(Openings(), open =>
        {
            var refused = Assert.Throws<StoreUnavailableException>(open);
            Assert.Equal(StoreFault.OtherSchema, refused.Fault);
            Assert.Contains($"{DatabaseFile} is no store of a relay: it holds the tables of another program ({tables})", refused.Message, StringComparison.Ordinal);
        });

        Assert.True(File.ReadAllBytes(DatabaseFile).AsSpan().SequenceEqual(before), why);
        Assert.Equal([DatabaseFile], Directory.EnumerateFileSystemEntries(_temp.Path));
    }

    [Theory]
    [InlineData("an empty file", "PRAGMA user_version = 0")]
    [InlineData("a database without a table", "PRAGMA journal_mode = WAL")]
    [InlineData("what earlier relays left of looking for a store", "CREATE TABLE schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)")]
    public async Task What_holds_nothing_can_become_a_store_and_does_not_by_being_asked(string why, string sql)
    {
        Execute(sql);
        var refused = Assert.Throws<StoreUnavailableException>(() => SqliteStore.OpenExisting(Connection, _temp.Path, TimeProvider.System));
        Assert.Contains("holds no store yet", refused.Message, StringComparison.Ordinal);

        await using var store = SqliteStore.OpenOrMake(Connection, _temp.Path, TimeProvider.System);

        Assert.True(store.Read(t => t.OperatorActions.LastId()) == 0, why);
    }

    [Fact]
    public void In_postgresql_it_is_refused_likewise()
    {
        string connection = server.CreateDatabase();
        using (var other = new NpgsqlConnection(connection))
        {
            other.Open();
            using var command = new NpgsqlCommand("CREATE TABLE places (id int)", other);
            command.ExecuteNonQuery();
        }

        var refused = Assert.Throws<StoreUnavailableException>(() => PostgreSqlStore.Open(connection, _temp.Path, TimeProvider.System));

        Assert.Contains("the tables of another program (places)", refused.Message, StringComparison.Ordinal);
    }

    private string Connection => $"Data Source={DatabaseFile}";

    private Action[] Openings() =>
    [
        () => SqliteStore.Open(Connection, _temp.Path, TimeProvider.System),
        () => SqliteStore.TryOpenForRun(Connection, _temp.Path, TimeProvider.System),
        () => SqliteStore.OpenOrMake(Connection, _temp.Path, TimeProvider.System),
        () => SqliteStore.OpenExisting(Connection, _temp.Path, TimeProvider.System),
    ];

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"{Connection};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
