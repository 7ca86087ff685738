using System.Buffers;

namespace Relay.Wire.Mime;

/// <summary>The text of header fields between octets and characters.</summary>
internal static class HeaderText
{
    // All but the tab, which is as good as a space and is kept where an id is echoed.
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(code => code != '\t').Select(code => (char)code), '\u007f']);

    /// <summary>Takes out the line ends of folding and the surrounding spaces.</summary>
    // RFC 5322 §2.2.3: unfolding removes the CRLF and nothing else, so the space after it stays.
    public static string Unfold(ReadOnlySpan<char> raw)
    {
        raw = raw.Trim(" \t\r\n");
        if (!raw.ContainsAny('\r', '\n'))
        {
            return raw.ToString();
        }

        return string.Concat(raw.ToString().Split(LineEnds));
    }

    /// <summary>Spaces for the characters that must not reach a header line: a line end would begin a field of the sender's choice.</summary>
    public static string Clean(string text) => !text.AsSpan().ContainsAny(Controls)
        ? text
        : string.Create(text.Length, text, static (span, source) =>
        {
            source.CopyTo(span);
            span.ReplaceAny(Controls, ' ');
        });

    private static readonly char[] LineEnds = ['\r', '\n'];
}
