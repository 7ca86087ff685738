using System.Buffers;
using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Wire.Tests.Smtp;

public sealed class SmtpReplyTests
{
    [Theory]
    [InlineData("one line", 250, "2.0.0", "ok", "250 2.0.0 ok\r\n")]
    [InlineData("RFC 2034 4: the status is on every line", 550, "5.1.1", "a\nb", "550-5.1.1 a\r\n550 5.1.1 b\r\n")]
    [InlineData("no status", 220, "", "mx ESMTP", "220 mx ESMTP\r\n")]
    [InlineData("no text", 334, "", "", "334 \r\n")]
    [InlineData("a text that quotes the peer does not end the line", 550, "5.1.1", "no\r250 \u00e9", "550 5.1.1 no?250 ?\r\n")]
    public void Is_written(string why, int code, string status, string text, string wire)
    {
        var reply = new SmtpReply(code, EnhancedStatus.TryParse(status, out var read) ? read : null, text);
        Assert.True(wire == Write(reply), why);
    }

    [Fact]
    public void A_line_has_512_octets_at_most()
    {
        var wire = Write(SmtpReplies.Make(550, 5, 0, 0, new string('x', 1000)));
        Assert.Equal(512, wire.Length);
        Assert.EndsWith("\r\n", wire);
    }

    [Theory]
    [InlineData("one line", "250 2.0.0 ok\r\n", 250, "2.0.0", "ok")]
    [InlineData("several lines", "550-5.1.1 a\r\n550-5.1.1\r\n550 5.1.1 b\r\n", 550, "5.1.1", "a\n\nb")]
    [InlineData("no status", "250 ok\r\n", 250, "", "ok")]
    [InlineData("a status of another class is text", "250 5.1.1 ok\r\n", 250, "", "5.1.1 ok")]
    [InlineData("RFC 5321 4.2: a code alone", "354\r\n", 354, "", "")]
    [InlineData("a version is no status", "220 1.2.3 ready\r\n", 220, "", "1.2.3 ready")]
    [InlineData("control characters are not shown", "250 a\tb\rc\r\n", 250, "", "a?b?c")]
    public void Is_read(string why, string wire, int code, string status, string text)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(wire + "next"));
        Assert.Equal(SmtpReadStatus.Done, SmtpReplyReader.TryRead(ref buffer, out var reply));
        Assert.True((code, status, text) == (reply!.Code, reply.Status?.ToString() ?? "", reply.Text), why);
        Assert.Equal("next", Encoding.UTF8.GetString(buffer));
    }

    [Theory]
    [InlineData("no digits", "hello\r\n")]
    [InlineData("RFC 5321 4.2.1: no code begins with 1 or 6", "150 x\r\n")]
    [InlineData("no code begins with 1 or 6", "600 x\r\n")]
    [InlineData("no blank behind the code", "250ok\r\n")]
    [InlineData("two digits", "25\r\n")]
    [InlineData("nothing", "\r\n")]
    public void Is_no_reply(string why, string wire)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(wire));
        Assert.True(SmtpReplyReader.TryRead(ref buffer, out _) == SmtpReadStatus.Malformed, why);
    }

    [Fact]
    public void Every_prefix_is_incomplete_and_consumes_nothing()
    {
        const string wire = "250-2.0.0 a\r\n250 2.0.0 b\r\n";
        for (var length = 0; length < wire.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(wire[..length]));
            Assert.Equal(SmtpReadStatus.Incomplete, SmtpReplyReader.TryRead(ref buffer, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Fact]
    public void A_reply_that_never_ends_is_given_up()
    {
        var line = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes("250 " + new string('x', SmtpReplyReader.MaxReply)));
        Assert.Equal(SmtpReadStatus.Malformed, SmtpReplyReader.TryRead(ref line, out _));
        var lines = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("250-x\r\n", SmtpReplyReader.MaxReply / 7 + 1))));
        Assert.Equal(SmtpReadStatus.Malformed, SmtpReplyReader.TryRead(ref lines, out _));
    }

    [Theory]
    [InlineData("a size", "mx\nSIZE 100", SmtpExtensions.Size, 100L)]
    [InlineData("RFC 1870 4: zero is no limit", "mx\nSIZE 0", SmtpExtensions.Size, null)]
    [InlineData("no number", "mx\nSIZE", SmtpExtensions.Size, null)]
    [InlineData("any case, any order, unknown words", "mx\nX-FOO bar\npipelining\n8bitmime", SmtpExtensions.Pipelining | SmtpExtensions.EightBitMime, null)]
    [InlineData("the first line is a name", "PIPELINING", SmtpExtensions.None, null)]
    public void Capabilities(string why, string text, SmtpExtensions extensions, long? size)
    {
        var capabilities = SmtpCapabilities.Read(text);
        Assert.True((extensions, size) == (capabilities.Extensions, capabilities.MaxSize), why);
    }

    [Theory]
    [InlineData("as Postfix writes it", "5.1.1", true)]
    [InlineData("RFC 3463 2: no leading zeros", "5.01.1", false)]
    [InlineData("three digits at most", "5.1000.1", false)]
    [InlineData("classes are 2, 4 and 5", "3.1.1", false)]
    [InlineData("three numbers", "5.1", false)]
    [InlineData("and no more", "5.1.1.1", false)]
    public void Status(string why, string text, bool valid) => Assert.True(valid == EnhancedStatus.TryParse(text, out _), why);

    private static string Write(SmtpReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        SmtpReplyWriter.Write(reply, output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
