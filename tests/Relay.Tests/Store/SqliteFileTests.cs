using Microsoft.Data.Sqlite;
using Relay.Store;

namespace Relay.Tests.Store;

public sealed class SqliteFileTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_relative_path_does_not_depend_on_the_current_folder()
    {
        await using var store = SqliteStore.Open("Data Source=sub/other.db", _database.Folder, TimeProvider.System);

        Assert.True(File.Exists(Path.Combine(_database.Folder, "sub", "other.db")));
    }

    [Theory]
    [InlineData("a file is needed", "Data Source=:memory:")]
    [InlineData("a name is needed", "")]
    [InlineData("the text must be a connection string", "relay.db")]
    public void A_connection_string_that_names_no_file_is_refused(string why, string connection)
    {
        var error = Assert.Throws<ArgumentException>(() => SqliteStore.Open(connection, _database.Folder, TimeProvider.System));
        Assert.True(error.Message.Length > 0, why);
    }

    [Fact]
    public async Task A_second_run_is_refused_and_other_commands_work_beside_it()
    {
        var (running, runLock) = OpenForRun()!.Value;
        await using (running)
        using (runLock)
        {
            await using var beside = _database.Open();
            Assert.Null(OpenForRun());
            await beside.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail()), CancellationToken.None);
            Assert.Single(running.Read(tx => tx.Spool.List(null, 0, 10)));
        }

        var (next, nextLock) = OpenForRun()!.Value;
        nextLock.Dispose();
        await next.DisposeAsync();
    }

    [Fact]
    public async Task A_later_relay_changes_no_schema_under_an_older_one_that_runs()
    {
        var (older, runLock) = OpenForRun()!.Value;
        await using (older)
        using (runLock)
        {
            Execute("DELETE FROM schema_version WHERE version > 1"); // as far as a later relay can tell, an older one made it
            Assert.Null(OpenForRun());
            var refused = Assert.Throws<StoreUnavailableException>(
                () => SqliteStore.OpenOrMake("Data Source=relay.db", _database.Folder, TimeProvider.System));
            Assert.Contains("schema 1 ", refused.Message, StringComparison.Ordinal);
            Assert.Equal(1, older.Read(tx => ((Relay.Store.Sql.SqlTables)tx).Session.Number("SELECT max(version) FROM schema_version")));
        }
    }

    [Fact]
    public async Task A_command_that_needs_no_relay_makes_the_store_once()
    {
        await using (var made = SqliteStore.OpenOrMake("Data Source=relay.db", _database.Folder, TimeProvider.System))
        {
            await made.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail()), CancellationToken.None);
        }

        await using var again = SqliteStore.OpenOrMake("Data Source=relay.db", _database.Folder, TimeProvider.System);
        Assert.Single(again.Read(tx => tx.Spool.List(null, 0, 10)));
    }

    [Fact]
    public void A_lock_that_cannot_be_taken_is_not_mistaken_for_another_relay()
    {
        Directory.CreateDirectory(_database.DatabaseFile + ".lock");

        var refused = Assert.Throws<StoreUnavailableException>(() => OpenForRun());

        Assert.StartsWith("The store cannot be locked for this relay: ", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_database.DatabaseFile));
    }

    [Fact]
    public async Task Every_commit_is_synced_to_a_write_ahead_log_and_a_claim_need_not_be()
    {
        static (string?, long?) Pragmas(Relay.Store.IStoreTransaction tx)
        {
            var session = ((Relay.Store.Sql.SqlTables)tx).Session;
            return (session.First("PRAGMA journal_mode", row => row.GetString(0)), session.Number("PRAGMA synchronous"));
        }

        var store = _database.Current;
        Assert.Equal(("wal", 2), await store.CommitAsync(Pragmas, CancellationToken.None));
        Assert.Equal(("wal", 1), await store.ClaimAsync(Pragmas, CancellationToken.None));
        Assert.Equal(("wal", 2), await store.CommitAsync(Pragmas, CancellationToken.None));
    }

    [Fact]
    public async Task Claims_of_an_earlier_run_are_released_at_start()
    {
        await _database.Current.CommitAsync(
            tx =>
            {
                tx.Spool.Add(StoreContract.Mail());
                tx.Outbox.Add(StoreContract.OutMail());
                return Claims(tx);
            },
            CancellationToken.None);
        var store = await _database.ReopenAsync();

        Assert.Equal(2, await store.RecoverAsync(CancellationToken.None));

        Assert.Equal(2, await store.ClaimAsync(Claims, CancellationToken.None));
    }

    [Fact]
    public async Task A_database_of_a_later_relay_is_refused_with_a_sentence()
    {
        await _database.ReopenAsync();
        Execute("INSERT INTO schema_version (version, applied_at) VALUES (9999, 0)");

        var error = Assert.Throws<StoreUnavailableException>(() => _database.Open());

        Assert.Equal(StoreFault.OtherSchema, error.Fault);
        Assert.Contains("9999", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(_database.DatabaseFile, new string('x', 8192));

        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreUnavailableException>(() => _database.Open()).Fault);
    }

    [Fact]
    public async Task Two_processes_that_make_the_database_at_once_make_one()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(_database.Open)));

        Assert.Single(stores.Select(store => store.Read(tx => tx.Identity.LogId)).Distinct());
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    private static int Claims(IStoreTransaction tx) =>
        tx.Spool.Claim(1, StoreContract.Noon, StoreContract.Lease).Count + tx.Outbox.Claim(1, StoreContract.Noon, StoreContract.Lease).Count;

    private (Relay.Store.Sql.SqlStore Store, IDisposable RunLock)? OpenForRun() =>
        SqliteStore.TryOpenForRun("Data Source=relay.db", _database.Folder, TimeProvider.System);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_database.DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
