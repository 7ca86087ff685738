using Microsoft.Extensions.Logging.Abstractions;
using Relay.Store;
using Relay.Store.Segments;
using Relay.Store.Sql;
using Relay.TestKit;

namespace Relay.Tests.Store;

/// <summary>Segments that cannot be read, and segments of another database.</summary>
public sealed class SegmentTroubleTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();

    private SegmentFolder Folder => new(_database.DatabaseFile + ".spool") { Owner = _database.Current.Read(static tx => tx.Identity.LogId) };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_content_that_cannot_be_read_just_now_is_tried_again_and_holds_up_nobody()
    {
        var store = await StartAsync();
        await store.SpoolAsync(StoreContract.Mail("later"), CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(store.Read(tx => tx.Spool.Counts()).Waiting == 1), "the row is there");
        var file = Folder.PathOf(1);
        File.Move(file, file + ".away");
        File.CreateSymbolicLink(file, file); // Opening it fails (ELOOP), and not because it is gone.
        await store.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail("kept")), CancellationToken.None);

        Assert.Equal("kept", Assert.Single(await ClaimAtAsync(store, TimeSpan.Zero)).MailId);
        Assert.Empty(await ClaimAtAsync(store, TimeSpan.FromMinutes(4)));
        File.Delete(file);
        File.Move(file + ".away", file);
        Assert.Contains(("later", 2), (await ClaimAtAsync(store, TimeSpan.FromMinutes(6))).Select(mail => (mail.MailId, mail.Attempts)));
    }

    [Fact]
    public async Task A_content_that_can_never_be_read_is_set_aside_and_keeps_its_segment()
    {
        var store = await StartAsync();
        await store.SpoolAsync(StoreContract.Mail("unreadable"), CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(store.Read(tx => tx.Spool.Counts()).Waiting == 1), "the row is there");
        var file = Folder.PathOf(1);
        File.Move(file, file + ".away");
        File.CreateSymbolicLink(file, file);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            Assert.Equal(1, store.Read(tx => tx.Spool.Counts()).Waiting);
            Assert.Empty(await ClaimAtAsync(store, TimeSpan.FromMinutes(6 * attempt)));
        }

        var entry = Assert.Single(store.Read(tx => tx.Spool.List(SpoolState.SetAside, 0, 10)));
        Assert.StartsWith("Its content cannot be read", entry.Note, StringComparison.Ordinal);
        File.Delete(file);
        File.Move(file + ".away", file);
        Assert.NotNull(store.Read(tx => tx.Spool.Content(entry.Id)));
    }

    [Fact]
    public async Task Segments_of_another_database_are_kept_aside_and_are_its_own_again_when_it_comes_back()
    {
        await using (await StartAsync())
        {
        }

        var folder = Folder;
        using (var log = new SpoolLog(folder, 1, SpoolFront.SegmentSize, static _ => { }, NullLogger.Instance))
        {
            Assert.True(await AppendAsync(log, "of before", 100));
        }

        var database = await File.ReadAllBytesAsync(_database.DatabaseFile, TestContext.Current.CancellationToken);
        File.Delete(_database.DatabaseFile);
        var told = new CollectedLog();
        await using (var other = OpenWith(told))
        {
            await other.RecoverAsync(CancellationToken.None);
            Assert.Empty(other.Read(tx => tx.Spool.List(null, 0, 10)));
            Assert.Contains("belongs to another database", Assert.Single(told.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)), StringComparison.Ordinal);
            Assert.Empty(folder.Numbers());
            await other.SpoolAsync(StoreContract.Mail("of now"), CancellationToken.None);
            Assert.Equal("of now", Assert.Single(await ClaimAsync(other, 1)).MailId);
        }

        var aside = Assert.Single(Directory.GetFiles(folder.Path, "*.of-*"));
        File.Delete(folder.PathOf(1));
        File.Move(aside, folder.PathOf(1));
        await File.WriteAllBytesAsync(_database.DatabaseFile, database, TestContext.Current.CancellationToken);
        await using var back = OpenWith(told);
        await back.RecoverAsync(CancellationToken.None);
        Assert.Equal("of before", Assert.Single(await ClaimAsync(back, 1)).MailId);
    }

    [Fact]
    public async Task A_row_does_not_take_its_content_from_a_segment_of_another_database()
    {
        var store = await StartAsync();
        await store.SpoolAsync(StoreContract.Mail("mine"), CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(store.Read(tx => tx.Spool.Counts()).Waiting == 1), "the row is there");
        var position = new RecordPosition(1, SegmentHeader.Octets);

        Assert.NotNull(Folder.Read(position));
        Assert.Null(new SegmentFolder(Folder.Path) { Owner = new Guid(1, 2, 3, new byte[8]) }.Read(position));
    }

    [Fact]
    public async Task Segments_that_are_put_aside_a_second_time_are_kept_beside_the_first()
    {
        var store = await StartAsync();
        await store.SpoolAsync(StoreContract.Mail("mine"), CancellationToken.None);
        var other = new SegmentFolder(Folder.Path) { Owner = new Guid(1, 2, 3, new byte[8]) };

        var (_, _, first) = Assert.Single(other.PutForeignAside());
        File.Copy(first, Folder.PathOf(1));
        var (_, _, second) = Assert.Single(other.PutForeignAside());

        Assert.NotEqual(first, second);
        Assert.Equal(await File.ReadAllBytesAsync(first, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(second, TestContext.Current.CancellationToken));
    }

    private static Task<bool> AppendAsync(SpoolLog log, string id, int octets)
    {
        var mail = StoreContract.Mail(id, new byte[octets]);
        return log.AppendAsync(mail, (MailContent.Inline)mail.Content);
    }

    private static Task<IReadOnlyList<SpooledMail>> ClaimAtAsync(SqlStore store, TimeSpan after) =>
        store.CommitAsync(tx => tx.Spool.Claim(10, StoreContract.Noon + after, StoreContract.Lease), CancellationToken.None);

    private SqlStore OpenWith(CollectedLog log) => SqlStore.Open(
        new Relay.Store.Sqlite.SqliteDialect("Data Source=relay.db", _database.Folder), _database.Current.MailFiles, TimeProvider.System, log);

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
}
