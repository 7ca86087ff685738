using System.Text;
using Relay.Wire.Mime;

namespace Relay.Wire.Tests.Mime;

public sealed class SevenBitTests
{
    public static TheoryData<string, string, bool> Cases => new()
    {
        { "nothing", "", true },
        { "a mail", "Subject: x\r\n\r\nHello\r\n", true },
        { "without a last line end", "Hello", true },
        { "the longest line", new string('x', 998) + "\r\n", true },
        { "one octet more", new string('x', 999) + "\r\n", false },
        { "one octet more at the end", "a\r\n" + new string('x', 999), false },
        { "an LF alone", "a\nb\r\n", false },
        { "a CR alone", "a\rb\r\n", false },
        { "a CR at the end", "a\r", false },
        { "two CRs", "a\r\r\n", false },
        { "a NUL", "a\0b", false },
        { "a letter beyond ASCII", "ä", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Data_that_travels_as_it_stands_is_known(string why, string text, bool fits)
    {
        Assert.NotEmpty(why);
        Assert.Equal(fits, SevenBit.Fits(Encoding.UTF8.GetBytes(text)));
    }
}
