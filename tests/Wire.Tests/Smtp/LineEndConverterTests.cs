using System.Buffers;
using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Wire.Tests.Smtp;

public sealed class LineEndConverterTests
{
    public static TheoryData<string, string, string> Texts => new()
    {
        { "nothing", "", "" },
        { "CRLF stays", "a\r\nb\r\n", "a\r\nb\r\n" },
        { "LF", "a\nb\n", "a\r\nb\r\n" },
        { "CR", "a\rb\r", "a\r\nb\r\n" },
        { "empty lines of each kind", "\n\n\r\r\r\n\r\n", "\r\n\r\n\r\n\r\n\r\n\r\n" },
        { "LF before CR", "a\n\rb", "a\r\n\r\nb" },
        { "no line end at the end", "a", "a" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Every_line_end_becomes_CRLF_wherever_the_pieces_are_cut(string why, string text, string expected)
    {
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var output = new ArrayBufferWriter<byte>();
            var converter = new LineEndConverter();
            converter.Convert(Encoding.ASCII.GetBytes(text[..cut]), output);
            converter.Convert(Encoding.ASCII.GetBytes(text[cut..]), output);
            converter.End(output);
            Assert.True(expected == Encoding.ASCII.GetString(output.WrittenSpan), $"{why}, cut at {cut}");
        }
    }
}
