using System.Buffers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Store;
using Relay.Store.Sql;
using Relay.Store.Sqlite;
using Relay.TestKit;

namespace Relay.Tests.Store;

/// <summary>What goes wrong around the store has one defined outcome each, and the store works again when it is over.</summary>
public sealed class SqliteFaultTests
{
    [Fact]
    public async Task A_full_disk_refuses_what_is_new_keeps_what_was_promised_and_passes()
    {
        using var disk = SmallDisk.Mount(megabytes: 8);
        await using var store = SqliteTestStore.OpenIn(disk.Folder);
        var promised = new List<long>();
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            while (true)
            {
                promised.Add(await AddAsync(store, new byte[20_000]));
            }
        });

        Assert.Equal(StoreFault.Full, error.Fault);
        Assert.Equal(promised, store.Read(tx => tx.Spool.List(null, 0, 10_000)).Select(mail => mail.Id));

        await using (var larger = SqliteTestStore.OpenIn(disk.Folder))
        {
            Assert.Equal(promised, larger.Read(tx => tx.Spool.List(null, 0, 10_000)).Select(mail => mail.Id));
        }
    }

    [Fact]
    public async Task The_same_store_goes_on_when_there_is_room_again()
    {
        using var disk = SmallDisk.Mount(megabytes: 16);
        await using var store = SqliteTestStore.OpenIn(disk.Folder);
        var first = await AddAsync(store, new byte[20_000]);
        disk.Fill();
        Assert.Equal(StoreFault.Full, (await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, new byte[200_000]))).Fault);

        disk.MakeRoom();

        var second = await AddAsync(store, new byte[200_000]);
        Assert.Equal([first, second], store.Read(tx => tx.Spool.List(null, 0, 10)).Select(mail => mail.Id));
    }

    [Theory]
    [InlineData("in pieces larger than any buffer", 100_000)]
    [InlineData("in pieces that a buffer gathers", 3_000)]
    [InlineData("at once, so that no piece of it fits", 9_000_000)]
    public async Task A_large_mail_that_finds_no_room_is_refused_and_leaves_no_file(string why, int piece)
    {
        using var disk = SmallDisk.Mount(megabytes: 8);
        await using var store = SqliteTestStore.OpenIn(disk.Folder);
        StoreUnavailableException error;
        await using (var writer = store.MailFiles.Create())
        {
            error = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            {
                while (true)
                {
                    await writer.WriteAsync(new ReadOnlySequence<byte>(new byte[piece]), CancellationToken.None);
                }
            });
        }

        Assert.True(error.Fault == StoreFault.Full, why);
        Assert.Empty(Directory.GetFiles(Path.Combine(disk.Folder, "relay.db.mails")));
        await AddAsync(store, new byte[20_000]);
    }

    [Fact]
    public async Task A_read_only_file_system_refuses_the_start_and_loses_nothing()
    {
        using var disk = SmallDisk.Mount(megabytes: 16);
        long kept;
        await using (var store = SqliteTestStore.OpenIn(disk.Folder))
        {
            kept = await AddAsync(store, new byte[100]);
        }

        disk.MakeReadOnly();
        var error = Assert.Throws<StoreUnavailableException>(() => SqliteTestStore.OpenIn(disk.Folder));
        Assert.Contains("relay.db: unable to open database file", error.Message, StringComparison.Ordinal);

        disk.MakeWritable();
        await using var again = SqliteTestStore.OpenIn(disk.Folder);
        Assert.Equal(kept, Assert.Single(again.Read(tx => tx.Spool.List(null, 0, 10))).Id);
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_refuses_what_is_new()
    {
        await using var database = new SqliteTestStore();
        await AddAsync(database.Current, new byte[100]);

        var error = Assert.Throws<StoreUnavailableException>(
            () => SqliteStore.Open("Data Source=relay.db;Mode=ReadOnly", database.Folder, TimeProvider.System));

        Assert.Equal(StoreFault.ReadOnly, error.Fault);
    }

    [Fact]
    public async Task A_lock_held_too_long_by_another_process_is_told_and_passes()
    {
        await using var database = new SqliteTestStore();
        await database.ReopenAsync();
        var dialect = new SqliteDialect("Data Source=relay.db", database.Folder, lockWait: TimeSpan.FromMilliseconds(50));
        await using var store = SqlStore.Open(dialect, database.Current.MailFiles, TimeProvider.System, NullLogger.Instance);
        using (var other = new SqliteConnection($"Data Source={database.DatabaseFile};Pooling=False"))
        {
            other.Open();
            Execute(other, "BEGIN IMMEDIATE");

            Assert.Equal(StoreFault.Locked, (await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, [1]))).Fault);
            Assert.Empty(store.Read(tx => tx.Spool.List(null, 0, 10)));
        }

        Assert.True(await AddAsync(store, [1]) > 0);
    }

    [Theory]
    [InlineData("the content is gone", "DELETE FROM spool_content WHERE id = 1", "DELETE FROM outbox_content WHERE id = 1")]
    [InlineData("the times are nonsense", "UPDATE spool SET received_at = 9e18 WHERE id = 1", "UPDATE outbox SET created_at = 'soon' WHERE id = 1")]
    [InlineData("the state is unknown", "UPDATE spool SET state = 77 WHERE id = 1", "UPDATE outbox SET state = 77 WHERE id = 1")]
    public async Task A_poisoned_row_does_not_keep_the_others_from_being_claimed(string why, string spool, string outbox)
    {
        await using var database = new SqliteTestStore();
        var store = database.Current;
        await AddAsync(store, [1]);
        var good = await AddAsync(store, [2]);
        await store.CommitAsync(tx => tx.Outbox.Add(StoreContract.OutMail()), CancellationToken.None);
        var goodOut = await store.CommitAsync(tx => tx.Outbox.Add(StoreContract.OutMail("<2@g>")), CancellationToken.None);
        using (var connection = new SqliteConnection($"Data Source={database.DatabaseFile};Pooling=False"))
        {
            connection.Open();
            Execute(connection, spool);
            Execute(connection, outbox);
        }

        var mails = await store.CommitAsync(tx => tx.Spool.Claim(10, StoreContract.Noon, StoreContract.Lease), CancellationToken.None);
        var outMails = await store.CommitAsync(tx => tx.Outbox.Claim(10, StoreContract.Noon, StoreContract.Lease), CancellationToken.None);

        Assert.True(mails.Any(mail => mail.Id == good), why);
        Assert.True(outMails.Any(mail => mail.Id == goodOut), why);
    }

    [Fact]
    public async Task A_mail_without_content_is_set_aside_and_says_so()
    {
        await using var database = new SqliteTestStore();
        var id = await AddAsync(database.Current, [1]);
        using (var connection = new SqliteConnection($"Data Source={database.DatabaseFile};Pooling=False"))
        {
            connection.Open();
            Execute(connection, "DELETE FROM spool_content");
        }

        Assert.Empty(await database.Current.CommitAsync(
            tx => tx.Spool.Claim(10, StoreContract.Noon, StoreContract.Lease), CancellationToken.None));
        var entry = database.Current.Read(tx => tx.Spool.Find(id))!;
        Assert.Equal((SpoolState.SetAside, "Its content is missing from the store."), (entry.State, entry.Note));
    }

    [Fact]
    public async Task A_new_mail_is_due_even_when_the_clock_has_jumped_back()
    {
        await using var database = new SqliteTestStore();
        await AddAsync(database.Current, [1]);

        var claimed = await database.Current.CommitAsync(
            tx => tx.Spool.Claim(10, StoreContract.Noon - TimeSpan.FromDays(365), StoreContract.Lease), CancellationToken.None);

        Assert.Single(claimed);
    }

    [Fact]
    public async Task A_retry_put_off_by_a_clock_that_stood_wrong_is_due_after_a_start()
    {
        await using var database = new SqliteTestStore();
        var time = new ManualTimeProvider(StoreContract.Noon);
        await using var store = SqliteStore.Open("Data Source=relay.db", database.Folder, time);
        var lost = await store.CommitAsync(tx => tx.Outbox.Add(StoreContract.OutMail()), CancellationToken.None);
        var soon = await store.CommitAsync(tx => tx.Outbox.Add(StoreContract.OutMail("<2@g>")), CancellationToken.None);
        await store.CommitAsync(
            tx => tx.Outbox.Retry(lost, StoreContract.Noon + TimeSpan.FromDays(9999), "451")
                && tx.Outbox.Retry(soon, StoreContract.Noon + TimeSpan.FromHours(1), "451"),
            CancellationToken.None);

        await store.RecoverAsync(CancellationToken.None);

        var claimed = await store.CommitAsync(tx => tx.Outbox.Claim(10, StoreContract.Noon, StoreContract.Lease), CancellationToken.None);
        Assert.Equal([lost], claimed.Select(mail => mail.Id));
    }

    [Fact]
    public async Task A_clock_that_stood_wrong_for_a_while_does_not_stop_the_log_from_being_purged()
    {
        await using var database = new SqliteTestStore();
        var store = database.Current;
        foreach (var days in (int[])[0, 9999, 1, 40])
        {
            await store.CommitAsync(
                tx => tx.Events.Append(1, [StoreContract.Event()], false, StoreContract.Noon + TimeSpan.FromDays(days)), CancellationToken.None);
        }

        Assert.True(await store.CommitAsync(tx => tx.Events.Retire(StoreContract.Noon + TimeSpan.FromDays(30), 100, 100), CancellationToken.None));
        Assert.Equal(3, store.Read(tx => tx.Events.OldestRetained()).Value);
    }

    private static Task<long> AddAsync(SqlStore store, byte[] octets) =>
        store.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail(octets: octets)), CancellationToken.None);

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
