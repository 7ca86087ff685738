namespace Relay.Wire.Mime;

/// <summary>The text of header fields between octets and characters.</summary>
internal static class HeaderText
{
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

    /// <summary>Characters that must not reach a header line: a line end would begin a field of the sender's choice.</summary>
    public static string Clean(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && !text.Contains('\u007f', StringComparison.Ordinal)
            ? text
            : string.Create(text.Length, text, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsControl(source[i]) && source[i] < '\u0080' ? ' ' : source[i];
                }
            });

    private static readonly char[] LineEnds = ['\r', '\n'];
}
