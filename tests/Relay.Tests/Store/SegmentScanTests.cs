using Relay.Store;
using Relay.Store.Segments;
using Relay.TestKit;

namespace Relay.Tests.Store;

/// <summary>What a start finds in a segment, whatever a crash or the disk made of its file.</summary>
public sealed class SegmentScanTests : IDisposable
{
    private const int Size = 8 * 1024;

    private readonly TempFolder _disk = new();
    private readonly CollectedLog _log = new();
    private readonly List<LoggedMail> _written = [];

    private SegmentFolder Folder => new(_disk.File("relay.db.spool"));

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData("an ordinary mail", "a@b.example", "one@gateway.example", "branch.example", "app")]
    [InlineData("the null reverse-path is not an empty one", null, "one@gateway.example", null, null)]
    [InlineData("many recipients", "", "one@gateway.example|two@gateway.example|three@gateway.example", "", "")]
    [InlineData("addresses in UTF-8", "grün@straße.example", "用户@例え.example", "[IPv6:::1]", "jürgen")]
    public async Task A_record_gives_back_its_envelope(string why, string? path, string recipients, string? hello, string? account)
    {
        var mail = StoreContract.Mail() with
        {
            ReversePath = path,
            Recipients = recipients.Split('|'),
            Origin = new MailOrigin("lmtp", null, hello, account is not null, account),
        };
        await WriteAsync(mail);

        var read = Assert.Single(Scan()).Mail;

        Assert.Equal(mail.Recipients, read.Recipients);
        Assert.True(mail with { Recipients = [], Content = read.Content } == read with { Recipients = [] }, why);
    }

    [Theory]
    [InlineData("the file ends there", "cut")]
    [InlineData("the octets behind were never written", "zeros")]
    [InlineData("the octets behind are anything", "chance")]
    public async Task A_tail_that_was_being_written_is_cut_and_nothing_before_it(string why, string tail)
    {
        await WriteAsync(Mail("m1", 300), Mail("m2", 301), Mail("m3", 302));
        var whole = await File.ReadAllBytesAsync(Folder.PathOf(1), TestContext.Current.CancellationToken);
        var (second, last) = (_written[1].Content.Position.Offset, _written[2].End.Offset);
        for (var octets = (int)second; octets <= last; octets++)
        {
            await File.WriteAllBytesAsync(Folder.PathOf(1), Torn(whole, octets, tail), TestContext.Current.CancellationToken);

            var found = Scan().Select(mail => mail.Mail.MailId).ToList();

            string[] expected = octets == last ? ["m1", "m2", "m3"] : octets >= _written[1].End.Offset ? ["m1", "m2"] : ["m1"];
            Assert.True(expected.SequenceEqual(found), $"{why}: of {octets} octets came {string.Join(' ', found)}");
        }

        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Damage_between_records_is_told_and_the_records_behind_it_count()
    {
        await WriteAsync(Mail("m1", 300), Mail("m2", 301), Mail("m3", 302));
        var whole = await File.ReadAllBytesAsync(Folder.PathOf(1), TestContext.Current.CancellationToken);
        for (var at = _written[1].Content.Position.Offset; at < _written[1].End.Offset; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x10;
            await File.WriteAllBytesAsync(Folder.PathOf(1), damaged, TestContext.Current.CancellationToken);
            var before = _log.Lines.Count;

            Assert.Equal(["m1", "m3"], Scan().Select(mail => mail.Mail.MailId));
            Assert.Contains("is damaged at", Assert.Single(_log.Lines.Skip(before)), StringComparison.Ordinal);
            Assert.Null(Folder.Read(_written[1].Content.Position));
        }
    }

    [Fact]
    public async Task A_mail_that_holds_a_record_is_not_taken_for_one()
    {
        await WriteAsync(Mail("m1", 300));
        var whole = await File.ReadAllBytesAsync(Folder.PathOf(1), TestContext.Current.CancellationToken);
        var record = whole.AsSpan()[(int)_written[0].Content.Position.Offset..(int)_written[0].End.Offset].ToArray();
        File.Delete(Folder.PathOf(1));
        await WriteAsync(StoreContract.Mail("outer", record), Mail("m2", 10));
        whole = await File.ReadAllBytesAsync(Folder.PathOf(1), TestContext.Current.CancellationToken);
        whole[SegmentHeader.Octets] ^= 1; // The outer record is damaged, so that what is in it is looked at.
        await File.WriteAllBytesAsync(Folder.PathOf(1), whole, TestContext.Current.CancellationToken);

        Assert.Equal(["m2"], Scan().Select(mail => mail.Mail.MailId));
    }

    [Theory]
    [InlineData("the relay died before it wrote the header", 0, 0)]
    [InlineData("the header is damaged", 1, 1)]
    public async Task A_segment_without_a_header_is_kept_aside_unless_it_is_empty(string why, byte filling, int kept)
    {
        Directory.CreateDirectory(Folder.Path);
        await File.WriteAllBytesAsync(
            Folder.PathOf(1), Enumerable.Repeat(filling, Size).ToArray(), TestContext.Current.CancellationToken);

        Assert.Empty(Scan());

        Assert.True(kept == Directory.GetFiles(Folder.Path, "*.damaged").Length, why);
        Assert.Equal(kept, _log.Lines.Count);
    }

    [Fact]
    public async Task A_segment_of_the_first_form_is_still_read()
    {
        const int HeaderOctets = 32;
        const ulong Salt = 4711;
        Directory.CreateDirectory(Folder.Path);
        var header = new byte[HeaderOctets];
        "RYSPOOL1"u8.CopyTo(header);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), 1);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), Salt);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), SegmentFormat.Checksum(uint.MaxValue, header.AsSpan(0, 24)));
        var mail = Mail("m1", 300);
        var record = new RecordBuffer(mail, ((MailContent.Inline)mail.Content).Octets);
        record.Seal(Salt, HeaderOctets);
        List<ReadOnlyMemory<byte>> pieces = [header];
        record.AddTo(pieces);
        await File.WriteAllBytesAsync(
            Folder.PathOf(1), [.. pieces.SelectMany(piece => piece.ToArray()), .. new byte[100]], TestContext.Current.CancellationToken);

        var found = Assert.Single(Scan());

        Assert.Equal("m1", found.Mail.MailId);
        Assert.Equal(((MailContent.Inline)mail.Content).Octets.ToArray(), Folder.Read(found.Content.Position));
        Assert.Empty(_log.Lines);
    }

    private static NewSpooledMail Mail(string id, int octets)
    {
        var content = new byte[octets];
        new Random(octets).NextBytes(content);
        return StoreContract.Mail(id, content);
    }

    private static byte[] Torn(byte[] whole, int octets, string tail)
    {
        var torn = (byte[])whole.Clone();
        switch (tail)
        {
            case "cut":
                return torn[..octets];
            case "zeros":
                torn.AsSpan(octets).Clear();
                return torn;
            default:
                // What was already right would not be torn.
                new Random(octets).NextBytes(torn.AsSpan(octets));
                torn[octets] = (byte)~whole[octets];
                return torn;
        }
    }

    private async Task WriteAsync(params NewSpooledMail[] mails)
    {
        _written.Clear();
        using var log = new SpoolLog(Folder, 1, Size, _written.AddRange, _log);
        foreach (var mail in mails)
        {
            Assert.True(await log.AppendAsync(mail, (MailContent.Inline)mail.Content));
        }
    }

    private List<LoggedMail> Scan() => [.. new SegmentScan(Folder, _log).Read(new RecordPosition(1, 0))];
}
