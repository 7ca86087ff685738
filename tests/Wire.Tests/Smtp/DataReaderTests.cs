using System.Buffers;
using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Wire.Tests.Smtp;

public sealed class DataReaderTests
{
    [Theory]
    [InlineData("an empty mail", ".\r\n", "")]
    [InlineData("one line", "a\r\n.\r\n", "a\r\n")]
    [InlineData("the first line is unstuffed too", "..a\r\n.\r\n", ".a\r\n")]
    [InlineData("one dot goes, the others stay", "...\r\n.\r\n", "..\r\n")]
    [InlineData("a dot within a line is text", "a.\r\nb.c\r\n.\r\n", "a.\r\nb.c\r\n")]
    [InlineData("a dot before text goes, however it came there", ".a\r\n.\r\n", "a\r\n")]
    [InlineData("empty lines", "\r\n\r\n.\r\n", "\r\n\r\n")]
    [InlineData("a NUL before the dot makes it text", "\0.\r\n.\r\n", "\0.\r\n")]
    public void Content_is_unstuffed(string why, string wire, string content)
    {
        foreach (var pieces in Cuts(wire + "QUIT\r\n"))
        {
            var (reader, output, left) = Read(pieces);
            Assert.True(reader.IsEnded, why);
            Assert.False(reader.HasBareLineEnd || reader.HasLongLine, why);
            Assert.Equal(content, output);
            Assert.Equal(content.Length, reader.Length);
            Assert.Equal("QUIT\r\n", left);
        }
    }

    [Theory]
    [InlineData("LF . LF", "a\n.\n")]
    [InlineData("LF . CRLF", "a\n.\r\n")]
    [InlineData("CRLF . LF", "a\r\n.\n")]
    [InlineData("CR . CR", "a\r.\r")]
    [InlineData("CR . CRLF", "a\r.\r\n")]
    [InlineData("CRLF . CR", "a\r\n.\rb")]
    [InlineData("CR CR LF . CR CR LF", "a\r\r\n.\r\r\n")]
    [InlineData("a LF at once", "\n")]
    [InlineData("a CR at once", "\rb")]
    public void Nothing_but_CRLF_dot_CRLF_is_an_end(string why, string wire)
    {
        foreach (var pieces in Cuts(wire + "b\r\n.\r\n"))
        {
            var (reader, _, left) = Read(pieces);
            Assert.True(reader.HasBareLineEnd, why);
            Assert.True(reader.IsEnded, why);
            Assert.Equal("", left);
        }

        Assert.False(Read([wire]).Reader.IsEnded, why);
    }

    [Theory]
    [InlineData("exactly the limit, CRLF included", 8, false)]
    [InlineData("one more", 9, true)]
    public void Lines_have_a_length(string why, int length, bool isLong)
    {
        var wire = "." + new string('.', 1) + new string('a', length - 3) + "\r\n.\r\n";
        foreach (var pieces in Cuts(wire))
        {
            Assert.True(isLong == Read(pieces, maxLine: 8).Reader.HasLongLine, why);
        }
    }

    [Fact]
    public void No_prefix_of_a_mail_is_an_end()
    {
        const string wire = "Subject: a\r\n\r\n..\r\n.b\r\n.\r\n";
        for (var length = 0; length < wire.Length; length++)
        {
            var (reader, _, left) = Read([wire[..length]]);
            Assert.False(reader.IsEnded);
            Assert.Equal("", left);
        }
    }

    [Theory]
    [InlineData("as it is", "a\r\nb\r\n", "a\r\nb\r\n")]
    [InlineData("the last line gets its end", "a", "a\r\n")]
    [InlineData("nothing stays nothing", "", "")]
    [InlineData("a line end alone leaves whole", "a\nb\rc", "a\r\nb\r\nc\r\n")]
    [InlineData("what looks like an end is none", "a\n.\nb\r.\r.\r\n", "a\r\n.\r\nb\r\n.\r\n.\r\n")]
    [InlineData("dots at the start of lines", ".\r\n..\r\n.a", ".\r\n..\r\n.a\r\n")]
    public void What_is_written_reads_the_same(string why, string content, string read)
    {
        var output = new ArrayBufferWriter<byte>();
        DataWriter.Write(Encoding.Latin1.GetBytes(content), output);
        var (reader, text, left) = Read([Encoding.Latin1.GetString(output.WrittenSpan)]);
        Assert.True(reader is { IsEnded: true, HasBareLineEnd: false }, why);
        Assert.Equal((read, ""), (text, left));
    }

    private static IEnumerable<string[]> Cuts(string wire)
    {
        yield return [wire];
        yield return [.. wire.Select(c => c.ToString())];
        for (var i = 1; i < wire.Length; i++)
        {
            yield return [wire[..i], wire[i..]];
        }
    }

    private static (DataReader Reader, string Output, string Left) Read(string[] pieces, int maxLine = 1000)
    {
        var reader = new DataReader(maxLine);
        var output = new ArrayBufferWriter<byte>();
        var left = "";
        foreach (var piece in pieces)
        {
            var octets = Encoding.Latin1.GetBytes(piece);
            var consumed = reader.Read(octets, output);
            left += piece[consumed..];
        }

        return (reader, Encoding.Latin1.GetString(output.WrittenSpan), left);
    }
}
