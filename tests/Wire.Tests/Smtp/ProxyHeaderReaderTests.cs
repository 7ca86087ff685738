using System.Buffers;
using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Wire.Tests.Smtp;

public sealed class ProxyHeaderReaderTests
{
    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";
    private const string Four = Signature + "\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x01\x13\x88\0\x19";

    public static TheoryData<string, string, string?> Headers() => new()
    {
        { "version 1, IPv4", "PROXY TCP4 192.0.2.7 192.0.2.1 5000 25\r\n", "192.0.2.7" },
        { "version 1, IPv6", "PROXY TCP6 2001:db8::7 2001:db8::1 5000 25\r\n", "2001:db8::7" },
        { "version 1, the proxy does not know", "PROXY UNKNOWN\r\n", null },
        { "and may still say something", "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", null },
        { "version 2, IPv4", Four, "192.0.2.7" },
        { "version 2, IPv6", Signature + "\x21\x21\0\x24\x20\x01\x0d\xb8" + new string('\0', 11) + "\x07" + new string('\0', 20), "2001:db8::7" },
        { "version 2, with more behind the addresses", Signature + "\x21\x11\0\x0e\xc0\0\x02\x07\xc0\0\x02\x01\x13\x88\0\x19xx", "192.0.2.7" },
        { "version 2, the proxy for itself", Signature + "\x20\0\0\0", null },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Is_read(string why, string header, string? client)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(header + "EHLO"));
        Assert.Equal(SmtpReadStatus.Done, ProxyHeaderReader.TryRead(ref buffer, out var found));
        Assert.True(client == found?.ToString(), why);
        Assert.Equal("EHLO", Encoding.Latin1.GetString(buffer));
        for (var length = 0; length < header.Length; length++)
        {
            var prefix = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(header[..length]));
            Assert.Equal(SmtpReadStatus.Incomplete, ProxyHeaderReader.TryRead(ref prefix, out _));
            Assert.Equal(length, prefix.Length);
        }
    }

    [Theory]
    [InlineData("a command", "EHLO c\r\n")]
    [InlineData("a family that does not fit the address", "PROXY TCP6 192.0.2.7 192.0.2.1 5000 25\r\n")]
    [InlineData("too few words", "PROXY TCP4 192.0.2.7\r\n")]
    [InlineData("no address", "PROXY TCP4 x y 1 2\r\n")]
    [InlineData("a line that is too long", "PROXY UNKNOWN xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("a signature that is none", "\r\n\r\n\0\r\nQUIX\n\x21\x11\0\0")]
    [InlineData("version 3", Signature + "\x31\x11\0\0")]
    [InlineData("a length nobody needs", Signature + "\x21\x11\xff\xff")]
    public void Is_refused(string why, string header)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(header));
        Assert.True(ProxyHeaderReader.TryRead(ref buffer, out _) == SmtpReadStatus.Malformed, why);
    }
}
