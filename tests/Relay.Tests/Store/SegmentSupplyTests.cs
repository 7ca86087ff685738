using Microsoft.Extensions.Logging.Abstractions;
using Relay.Store;
using Relay.Store.Segments;
using Relay.TestKit;

namespace Relay.Tests.Store;

/// <summary>The next segment is there before the current one is full, and leaves nothing where it is not needed.</summary>
public sealed class SegmentSupplyTests : IDisposable
{
    private const int Size = 64 * 1024;

    private readonly TempFolder _temp = new();
    private readonly List<LoggedMail> _written = [];

    private SegmentFolder Folder => new(_temp.File("spool"));

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task The_next_segment_is_made_while_there_is_room_in_the_current_one()
    {
        using var log = Open();
        await AppendAsync(log, Size / 3);
        Assert.Equal([1L], Folder.Numbers());

        await AppendAsync(log, 100);
        await Eventually.TrueAsync(() => Folder.Numbers() is [1, 2], "the next segment is there");
        Assert.Equal(1, log.Current);

        await AppendAsync(log, Size / 2);
        await AppendAsync(log, Size / 2);
        Assert.Equal(2, log.Current);
        Assert.Equal([1L, 1, 1, 2], _written.Select(mail => mail.Content.Position.Segment));
    }

    [Fact]
    public async Task What_was_made_and_not_needed_goes_at_the_end()
    {
        using (var log = Open())
        {
            await AppendAsync(log, Size / 3);
            await AppendAsync(log, 100);
            await log.CloseAsync();
        }

        Assert.Equal([1L], Folder.Numbers());
    }

    [Fact]
    public async Task Where_the_next_could_not_be_made_in_time_it_is_tried_again_when_it_is_needed()
    {
        using var log = Open();
        await AppendAsync(log, Size / 3);
        var inTheWay = Folder.PathOf(2);
        await File.WriteAllTextAsync(inTheWay, "of somebody else");
        await AppendAsync(log, 100);
        await AppendAsync(log, Size / 2);
        await AppendAsync(log, Size / 2);

        Assert.Equal(3, log.Current);
        Assert.Equal("of somebody else", await File.ReadAllTextAsync(inTheWay));
    }

    [Fact]
    public async Task What_nobody_foresaw_fails_those_who_wait_and_leaves_the_next_a_segment_of_their_own()
    {
        var told = new LogThatFailsOnce("No segment");
        using var log = new SpoolLog(Folder, 1, Size, _written.AddRange, told);
        await AppendAsync(log, Size / 3);
        await File.WriteAllTextAsync(Folder.PathOf(2), "of somebody else", TestContext.Current.CancellationToken);
        await AppendAsync(log, 100); // the next is made ahead, which fails, and saying so fails too
        await AppendAsync(log, Size / 2);

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(log, Size / 2));

        Assert.Contains(LogThatFailsOnce.Reason, fault.Message, StringComparison.Ordinal);
        await AppendAsync(log, Size / 2);
        Assert.Contains(told.Lines, line => line.StartsWith("Error: Mails could not be written to the spool", StringComparison.Ordinal));
        Assert.Equal(3, log.Current);
        Assert.Equal([1L, 1, 1, 3], _written.Select(mail => mail.Content.Position.Segment));
    }

    [Fact]
    public async Task Of_the_last_room_on_the_disk_none_is_made_ahead()
    {
        using var disk = SmallDisk.Mount(megabytes: 2);
        await File.WriteAllBytesAsync(Path.Combine(disk.Folder, "relay.db"), new byte[Size]);
        var told = new CollectedLog();
        using (var log = new SpoolLog(new SegmentFolder(Path.Combine(disk.Folder, "spool")), 1, 1024 * 1024, _written.AddRange, told))
        {
            for (var i = 0; i < 8; i++)
            {
                await AppendAsync(log, Size);
            }
        }

        Assert.Equal(8, _written.Count);
        Assert.Empty(told.Lines); // trying would have failed, and said so
    }

    [Fact]
    public void Where_nobody_can_say_how_much_room_there_is_none_is_made_ahead_and_one_is_made_when_it_is_needed()
    {
        using var supply = new SegmentSupply(Folder, 1, Size, NullLogger.Instance, _ => null);
        using var first = supply.Take();
        supply.Prepare();
        using var second = supply.Take();
        supply.Prepare();
        supply.Dispose(); // waits for what is being made

        Assert.Equal((1, 2), (first?.Number, second?.Number));
        Assert.Equal([1L, 2], Folder.Numbers());
    }

    private SpoolLog Open() => new(Folder, 1, Size, _written.AddRange, NullLogger.Instance);

    private static async Task AppendAsync(SpoolLog log, int octets)
    {
        var mail = StoreContract.Mail("m", new byte[octets]);
        Assert.True(await log.AppendAsync(mail, (MailContent.Inline)mail.Content));
    }
}
