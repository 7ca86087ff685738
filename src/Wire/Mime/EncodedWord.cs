using System.Text;

namespace Relay.Wire.Mime;

/// <summary>Text beyond ASCII in header fields (RFC 2047).</summary>
public static class EncodedWord
{
    // RFC 2047 §2: an encoded word has at most 75 characters; 12 of them are "=?utf-8?B?" and "?=", which leaves 45 octets.
    private const int MaxOctetsPerWord = 45;

    // Longer words than the rule allows are in the field; the end is looked for no further than this.
    private const int MaxWord = 1000;

    /// <summary>Text for people: encoded words are decoded, what is not one stays; octets beyond ASCII are read as UTF-8, else as Latin-1.</summary>
    /// <param name="raw">An unfolded value, octets as Latin-1 characters.</param>
    public static string Decode(string raw)
    {
        if (!raw.Contains("=?", StringComparison.Ordinal))
        {
            return IsAscii(raw) || !Charsets.TryDecodeUtf8(Encoding.Latin1.GetBytes(raw), out var decoded) ? raw : decoded;
        }

        var text = new StringBuilder(raw.Length);
        var rest = raw.AsSpan();
        var afterWord = false;
        while (!rest.IsEmpty)
        {
            var start = rest.IndexOf("=?");
            var plain = start < 0 ? rest : rest[..start];

            // RFC 2047 §6.2: spaces between two encoded words are not shown.
            if (start < 0 || !afterWord || !plain.Trim(" \t").IsEmpty)
            {
                text.Append(plain);
            }

            rest = rest[plain.Length..];
            afterWord = TakeWord(ref rest, text);
        }

        return text.ToString();
    }

    /// <summary>Unstructured text for a field: ASCII as it is, else encoded words in UTF-8.</summary>
    public static string Encode(string text)
    {
        text = HeaderText.Clean(text);
        return IsAscii(text) ? text : EncodeAll(text);
    }

    /// <summary>A display name: plain words, a quoted string, or encoded words.</summary>
    public static string EncodePhrase(string name)
    {
        name = HeaderText.Clean(name);
        return !IsAscii(name) ? EncodeAll(name)
            : name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '\'' or '!') && name.Trim() == name ? name
            : "\"" + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
    }

    private static bool IsAscii(string text) => Ascii.IsValid(text);

    private static string EncodeAll(string text)
    {
        var words = new List<string>();
        var octets = new byte[MaxOctetsPerWord];
        var length = 0;

        // RFC 2047 §5: a character is never divided between two encoded words.
        foreach (var rune in text.EnumerateRunes())
        {
            if (length + rune.Utf8SequenceLength > MaxOctetsPerWord)
            {
                words.Add(Word(octets.AsSpan(0, length)));
                length = 0;
            }

            length += rune.EncodeToUtf8(octets.AsSpan(length));
        }

        words.Add(Word(octets.AsSpan(0, length)));
        return string.Join(' ', words);
    }

    private static string Word(ReadOnlySpan<byte> octets) => "=?utf-8?B?" + Convert.ToBase64String(octets) + "?=";

    /// <summary>Decodes the word at the start, or takes its first two characters as text.</summary>
    private static bool TakeWord(ref ReadOnlySpan<char> rest, StringBuilder text)
    {
        if (rest.Length < 2)
        {
            return false;
        }

        var body = rest[2..Math.Min(rest.Length, MaxWord)];
        var first = body.IndexOf('?');
        var end = first > 0 && body.Length > first + 3 && body[first + 2] == '?' ? body[(first + 3)..].IndexOf("?=") : -1;
        if (end < 0 || DecodeOctets(body[first + 1], body.Slice(first + 3, end)) is not { } octets)
        {
            text.Append(rest[..2]);
            rest = rest[2..];
            return false;
        }

        // RFC 2231 §5: a language may follow the charset.
        var charset = body[..first];
        var star = charset.IndexOf('*');
        text.Append(Charsets.DecodeLoosely(octets, (star < 0 ? charset : charset[..star]).ToString()));
        rest = rest[(2 + first + 3 + end + 2)..];
        return true;
    }

    private static byte[]? DecodeOctets(char encoding, ReadOnlySpan<char> content)
    {
        var octets = new byte[content.Length];
        if (encoding is 'b' or 'B')
        {
            return Encoding.Latin1.TryGetBytes(content, octets, out var length)
                && Base64Body.Decode(octets.AsSpan(0, length), MimeLimits.Default) is MimeDecodeResult.Decoded(var decoded)
                ? decoded.ToArray()
                : null;
        }

        if (encoding is not ('q' or 'Q'))
        {
            return null;
        }

        for (var i = 0; i < content.Length; i++)
        {
            // RFC 2047 §4.2: an underscore is a space whatever the charset.
            octets[i] = content[i] == '_' ? (byte)' ' : (byte)content[i];
        }

        return QuotedPrintableBody.Decode(octets, MimeLimits.Default) is MimeDecodeResult.Decoded(var text) ? text.ToArray() : null;
    }
}
