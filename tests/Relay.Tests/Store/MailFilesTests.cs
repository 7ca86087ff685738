using System.Buffers;
using Relay.Store;

namespace Relay.Tests.Store;

public sealed class MailFilesTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();

    private MailFiles Files => _database.Current.MailFiles;

    private string MailFolder => _database.DatabaseFile + ".mails";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("nothing at all", 0, false)]
    [InlineData("as much as a row takes", MailFiles.InlineLimit, false)]
    [InlineData("one octet more", MailFiles.InlineLimit + 1, true)]
    [InlineData("many octets", 3_000_000, true)]
    public async Task Contents_come_back_as_they_were_written(string why, int length, bool inFile)
    {
        var octets = new byte[length];
        new Random(1).NextBytes(octets);

        var content = await WriteAsync(octets);

        Assert.True(content is MailContent.File == inFile, why);
        Assert.Equal(length, content.Length);
        Assert.Equal(octets, Files.Load(content).ToArray());
    }

    [Fact]
    public async Task A_mail_given_up_leaves_no_file()
    {
        await using (var writer = Files.Create())
        {
            await writer.WriteAsync(new ReadOnlySequence<byte>(new byte[MailFiles.InlineLimit + 1]), CancellationToken.None);
            Assert.Single(Directory.GetFiles(MailFolder));
        }

        Assert.Empty(Directory.GetFiles(MailFolder));
    }

    [Fact]
    public async Task A_mail_whose_row_was_not_stored_leaves_no_file()
    {
        await using (var writer = Files.Create())
        {
            await writer.WriteAsync(new ReadOnlySequence<byte>(new byte[MailFiles.InlineLimit + 1]), CancellationToken.None);
            await writer.CompleteAsync(CancellationToken.None);
            writer.Abandon();
        }

        Assert.Empty(Directory.GetFiles(MailFolder));
    }

    [Fact]
    public async Task A_file_goes_with_its_row_once_that_is_committed()
    {
        var content = await WriteAsync(new byte[MailFiles.InlineLimit + 1]);
        var store = _database.Current;
        var id = await store.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail() with { Content = content }), CancellationToken.None);
        Assert.Equal(content, Assert.Single(await store.CommitAsync(
            tx => tx.Spool.Claim(1, StoreContract.Noon, StoreContract.Lease), CancellationToken.None)).Content);

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.CommitAsync<int>(
            tx =>
            {
                tx.Spool.SetAside(id, "no");
                Assert.True(tx.Spool.Drop(id));
                throw new InvalidOperationException("undo");
            },
            CancellationToken.None));
        Assert.Single(Directory.GetFiles(MailFolder));

        await store.CommitAsync(tx => tx.Spool.SetAside(id, "no") && tx.Spool.Drop(id), CancellationToken.None);
        Assert.Empty(Directory.GetFiles(MailFolder));
    }

    [Fact]
    public async Task Old_files_that_no_row_names_are_removed_at_start()
    {
        var kept = (MailContent.File)await WriteAsync(new byte[MailFiles.InlineLimit + 1]);
        var orphan = (MailContent.File)await WriteAsync(new byte[MailFiles.InlineLimit + 1]);
        var young = (MailContent.File)await WriteAsync(new byte[MailFiles.InlineLimit + 1]);
        await _database.Current.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail() with { Content = kept }), CancellationToken.None);
        foreach (var old in (string[])[kept.Name, orphan.Name])
        {
            File.SetLastWriteTimeUtc(Path.Combine(MailFolder, old), DateTime.UtcNow - TimeSpan.FromDays(1));
        }

        await _database.Current.RecoverAsync(CancellationToken.None);

        Assert.Equal(
            new[] { kept.Name, young.Name }.Order(), Directory.GetFiles(MailFolder).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void A_disk_that_is_nearly_full_has_no_room_while_there_is_still_some()
    {
        using var disk = SmallDisk.Mount(megabytes: 70);
        var files = new MailFiles(Path.Combine(disk.Folder, "not", "yet", "made"), TimeProvider.System);

        Assert.True(files.HasRoomFor(1_000_000));
        Assert.False(files.HasRoomFor(10_000_000));
        Assert.False(new MailFiles(disk.Folder, TimeProvider.System).HasRoomFor(10_000_000));
    }

    [Fact]
    public void A_share_that_is_no_drive_has_room_as_far_as_anybody_knows()
    {
        Assert.Null(FreeRoom.Of("a\0b")); // refused by DriveInfo on every system, as a share is on Windows
        Assert.NotNull(FreeRoom.Of(Path.GetTempPath()));
        Assert.True(new MailFiles(Path.GetTempPath(), TimeProvider.System, _ => null).HasRoomFor(long.MaxValue));
    }

    [Fact]
    public void A_name_that_leads_elsewhere_is_refused() =>
        Assert.Throws<ArgumentException>(() => Files.Load(new MailContent.File("../relay.db", 1)));

    private async Task<MailContent> WriteAsync(byte[] octets)
    {
        await using var writer = Files.Create();
        foreach (var piece in octets.Chunk(100_000))
        {
            await writer.WriteAsync(new ReadOnlySequence<byte>(piece), CancellationToken.None);
        }

        return await writer.CompleteAsync(CancellationToken.None);
    }
}
