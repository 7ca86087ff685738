using Microsoft.Extensions.Logging.Abstractions;
using Relay.Store;
using Relay.Store.Segments;
using Relay.Store.Sql;
using Relay.TestKit;

namespace Relay.Tests.Store;

/// <summary>Mails that the running relay takes into segments are in its spool as any others are.</summary>
public sealed class SpoolFrontTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();

    private SegmentFolder Folder => new(_database.DatabaseFile + ".spool") { Owner = _database.Current.Read(static tx => tx.Identity.LogId) };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("nothing at all", 0, true)]
    [InlineData("one octet", 1, true)]
    [InlineData("as much as a row takes", MailFiles.InlineLimit, true)]
    [InlineData("one octet more goes to a file", MailFiles.InlineLimit + 1, false)]
    public async Task What_is_claimed_is_what_was_spooled(string why, int octets, bool inSegment)
    {
        var store = await StartAsync();
        var content = new byte[octets];
        new Random(1).NextBytes(content);
        await using (var writer = store.MailFiles.Create())
        {
            await writer.WriteAsync(new System.Buffers.ReadOnlySequence<byte>(content), CancellationToken.None);
            await store.SpoolAsync(
                StoreContract.Mail() with { Content = await writer.CompleteAsync(CancellationToken.None) }, CancellationToken.None);
        }

        var claimed = Assert.Single(await ClaimAsync(store, 1));

        Assert.Equal(content, store.MailFiles.Load(claimed.Content).ToArray());
        Assert.Equal((octets, 1), (claimed.Content.Length, claimed.Attempts));
        Assert.True(inSegment == (Folder.Numbers().Count == 1), why);
        Assert.Equal(content, store.MailFiles.Load(store.Read(tx => tx.Spool.Content(claimed.Id))!).ToArray());
    }

    [Fact]
    public async Task Mails_of_many_sessions_all_come_and_each_once()
    {
        var store = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(session => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await store.SpoolAsync(StoreContract.Mail($"{session}-{i}"), CancellationToken.None);
            }
        })));
        await store.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail("by another way")), CancellationToken.None);

        var claimed = await ClaimAsync(store, 801);

        Assert.Equal(801, claimed.Select(mail => mail.MailId).Distinct().Count());
        Assert.Equal(801, claimed.Count);
    }

    [Fact]
    public async Task What_was_accepted_before_a_crash_is_there_after_the_next_start_and_once()
    {
        await using (await StartAsync())
        {
        }

        // Nobody makes rows of these, as when the relay dies just then.
        using (var log = new SpoolLog(Folder, 1, SpoolFront.SegmentSize, static _ => { }, NullLogger.Instance))
        {
            await Task.WhenAll(Enumerable.Range(0, 600).Select(i =>
            {
                var mail = StoreContract.Mail($"m{i}");
                return Task.Run(() => log.AppendAsync(mail, (MailContent.Inline)mail.Content));
            }));
        }

        for (var start = 0; start < 3; start++)
        {
            var store = await StartAsync();
            Assert.Equal(600, store.Read(tx => tx.Spool.List(null, 0, 10_000)).Select(mail => mail.MailId).Distinct().Count());
            Assert.Equal(600, store.Read(tx => tx.Spool.Counts()).Waiting);
        }

        Assert.Equal(600, (await ClaimAsync(_database.Current, 600)).Count);
    }

    [Fact]
    public async Task An_end_in_good_order_leaves_nothing_to_another_start()
    {
        await using (var store = await StartAsync())
        {
            for (var i = 0; i < 20; i++)
            {
                await store.SpoolAsync(StoreContract.Mail($"m{i}"), CancellationToken.None);
            }
        }

        var later = await _database.ReopenAsync();

        Assert.Equal(20, later.Read(tx => tx.Spool.Counts()).Waiting);
    }

    [Fact]
    public async Task A_segment_goes_when_it_is_closed_and_no_row_names_it()
    {
        await using var front = await SmallFront.OpenAsync(_database, Folder);
        var aside = await front.AddAsync("set aside");
        for (var i = 0; i < 20; i++)
        {
            await front.AddAsync($"m{i}");
        }

        Assert.True(Folder.Numbers().Count > 3);
        var store = _database.Current;
        await front.SweepAsync();
        Assert.True(Folder.Numbers().Count > 3, "the mails have been read, but their octets are needed");

        await store.CommitAsync(tx => tx.Spool.SetAside(aside, "it fails every time"), CancellationToken.None);
        foreach (var mail in await ClaimAsync(store, 20))
        {
            await store.CommitAsync(
                tx =>
                {
                    tx.Spool.Settle(mail.Id, "answered");
                    return true;
                },
                CancellationToken.None);
        }

        Assert.Equal(20, await store.CommitAsync(tx => tx.Spool.Purge(StoreContract.Noon + TimeSpan.FromDays(1), 100), CancellationToken.None));
        await front.SweepAsync();

        Assert.InRange(Folder.Numbers().Count, 1, 2); // the one that is written, and the next
        Assert.Equal(SmallFront.Octets, store.Read(tx => tx.Spool.Content(aside))!.Length);
    }

    [Fact]
    public async Task A_sweep_writes_to_the_database_so_that_what_came_before_is_on_the_disk_first()
    {
        await using var front = await SmallFront.OpenAsync(_database, Folder);
        for (var i = 0; i < 5; i++)
        {
            await front.AddAsync($"m{i}");
        }

        var log = new FileInfo(_database.DatabaseFile + "-wal");
        var before = log.Length;
        await front.SweepAsync();
        log.Refresh();
        Assert.True(log.Length > before, "the commit wrote nothing, so it did not sync either");
    }

    [Fact]
    public async Task A_content_whose_segment_is_gone_is_set_aside_and_holds_up_nobody()
    {
        var store = await StartAsync();
        await store.SpoolAsync(StoreContract.Mail("lost"), CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(store.Read(tx => tx.Spool.Counts()).Waiting == 1), "the row is there");
        Folder.Delete(1);
        await store.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail("kept")), CancellationToken.None);

        var claimed = await store.CommitAsync(
            tx => tx.Spool.Claim(10, StoreContract.Noon, StoreContract.Lease), CancellationToken.None);

        Assert.Equal("kept", Assert.Single(claimed).MailId);
        Assert.Equal("lost", Assert.Single(store.Read(tx => tx.Spool.List(SpoolState.SetAside, 0, 10))).MailId);
    }

    [Fact]
    public async Task Where_no_segment_finds_room_mails_go_into_the_table()
    {
        using var disk = SmallDisk.Mount(megabytes: 8);
        await using var store = SqliteTestStore.OpenIn(disk.Folder);
        await store.RecoverAsync(CancellationToken.None);

        await store.SpoolAsync(StoreContract.Mail("m1"), CancellationToken.None);

        Assert.Equal("m1", Assert.Single(store.Read(tx => tx.Spool.List(null, 0, 10))).MailId);
        Assert.Empty(Directory.GetFiles(Path.Combine(disk.Folder, "relay.db.spool")));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_what_was_promised_is_kept()
    {
        using var disk = SmallDisk.Mount(megabytes: 24);
        await File.WriteAllBytesAsync(Path.Combine(disk.Folder, "ballast"), new byte[1024 * 1024]);
        var promised = 0;
        await using (var store = SqliteTestStore.OpenIn(disk.Folder))
        {
            await store.RecoverAsync(CancellationToken.None);
            var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            {
                while (true)
                {
                    await store.SpoolAsync(StoreContract.Mail($"m{promised}", new byte[100_000]), CancellationToken.None);
                    promised++;
                }
            });
            Assert.Equal(StoreFault.Full, error.Fault);
        }

        disk.MakeRoom(); // The last of the segment may have no rows yet, and rows need room.
        await using var later = SqliteTestStore.OpenIn(disk.Folder);
        await later.RecoverAsync(CancellationToken.None);
        var ids = later.Read(tx => tx.Spool.List(null, 0, 10_000)).Select(mail => mail.MailId).ToHashSet();
        Assert.All(Enumerable.Range(0, promised), i => Assert.Contains($"m{i}", ids));
    }

    [Fact]
    public async Task A_failed_write_is_told_and_the_next_mail_goes_to_another_segment()
    {
        using var disk = SmallDisk.Mount(megabytes: 8);
        var folder = new SegmentFolder(Path.Combine(disk.Folder, "spool"));
        var written = new List<LoggedMail>();
        using var log = new SpoolLog(folder, 1, 1024 * 1024, written.AddRange, NullLogger.Instance);
        Assert.True(await AppendAsync(log, "m1", 100));
        // A file system that lost the room it had promised: the write finds a hole and no block for it.
        using (var file = new FileStream(folder.PathOf(1), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            file.SetLength(4096);
        }

        disk.Fill();
        Assert.Equal(StoreFault.Full, (await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(log, "m2", 200_000))).Fault);
        disk.MakeRoom();

        Assert.True(await AppendAsync(log, "m3", 200_000));
        Assert.Equal([("m1", 1L), ("m3", 2L)], written.Select(mail => (mail.Mail.MailId, mail.Content.Position.Segment)));
    }

    [Fact]
    public async Task While_rows_cannot_be_made_mail_is_told_so_by_the_database()
    {
        var dialect = new Relay.Store.Sqlite.SqliteDialect("Data Source=relay.db", _database.Folder, lockWait: TimeSpan.FromMilliseconds(50));
        await using var store = SqlStore.Open(dialect, _database.Current.MailFiles, TimeProvider.System, NullLogger.Instance);
        await store.RecoverAsync(CancellationToken.None);
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_database.DatabaseFile};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();

            await store.SpoolAsync(StoreContract.Mail("m1"), CancellationToken.None);
            var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            {
                while (true)
                {
                    await store.SpoolAsync(StoreContract.Mail("more"), CancellationToken.None);
                }
            });
            Assert.Equal(StoreFault.Locked, error.Fault);
        }

        Assert.Contains("m1", (await ClaimAsync(store, 1)).Select(mail => mail.MailId));
    }

    private static Task<bool> AppendAsync(SpoolLog log, string id, int octets)
    {
        var mail = StoreContract.Mail(id, new byte[octets]);
        return log.AppendAsync(mail, (MailContent.Inline)mail.Content);
    }

    private static async Task<List<SpooledMail>> ClaimAsync(SqlStore store, int count)
    {
        var claimed = new List<SpooledMail>();
        await Eventually.TrueAsync(
            async () =>
            {
                claimed.AddRange(await store.ClaimAsync(
                    tx => tx.Spool.Claim(64, StoreContract.Noon, StoreContract.Lease), CancellationToken.None));
                return claimed.Count >= count;
            },
            $"{count} mails are claimed");
        return claimed;
    }

    private async Task<SqlStore> StartAsync()
    {
        var store = await _database.ReopenAsync();
        await store.RecoverAsync(CancellationToken.None);
        return store;
    }

    /// <summary>A front of segments that hold a few mails each, on the store's own tables.</summary>
    private sealed class SmallFront(SqliteTestStore database, SpoolFront front, SqlWriter writer, SpoolMover sweeper) : IAsyncDisposable
    {
        public const int Octets = 1000;
        private const int SegmentSize = 4096;

        public static async Task<SmallFront> OpenAsync(SqliteTestStore database, SegmentFolder folder)
        {
            var store = database.Current;
            var dialect = new Relay.Store.Sqlite.SqliteDialect("Data Source=relay.db", database.Folder);
            var writer = new SqlWriter(dialect, store.Bells, store.Tally, store.MailFiles, NullLogger.Instance);
            var committer = new GroupCommitter(writer);
            var front = await SpoolFront.OpenAsync(folder, committer, TimeProvider.System, NullLogger.Instance, SegmentSize);
            return new SmallFront(database, front, writer, new SpoolMover(committer, folder, TimeProvider.System, NullLogger.Instance));
        }

        /// <summary>Returns the id of its row.</summary>
        public async Task<long> AddAsync(string id)
        {
            Assert.True(await front.TryAddAsync(StoreContract.Mail(id, new byte[Octets])));
            SpoolEntry? entry = null;
            await Eventually.TrueAsync(
                () => Task.FromResult((entry = Find(id)) is not null), "the row is there");
            return entry!.Id;
        }

        /// <summary>Takes the segment that is written for an open one, as the relay does.</summary>
        public Task SweepAsync() => sweeper.SweepAsync(long.MaxValue);

        public async ValueTask DisposeAsync()
        {
            await front.DisposeAsync();
            writer.Dispose();
        }

        private SpoolEntry? Find(string id) =>
            database.Current.Read(tx => tx.Spool.List(null, 0, 1000)).FirstOrDefault(mail => mail.MailId == id);
    }
}
