using System.Buffers;

namespace Relay.Wire.Soap;

/// <summary>Finds an envelope in octets that may have other text around it: a note, a signature, a mailing list's footer.</summary>
internal static class EnvelopeScanner
{
    private static readonly SearchValues<byte> NotInName = SearchValues.Create("<> \t\r\n/\"'"u8);

    // Longer prefixes are nobody's; the number bounds the look back from each "Envelope" in a text.
    private const int MaxPrefix = 100;

    /// <summary>Where the envelope lies, XML declaration and document type included; empty when there is none.</summary>
    /// <param name="text">Octets of an encoding that writes ASCII as ASCII.</param>
    /// <param name="prolog">What <see cref="XmlProlog.Read"/> made of the text.</param>
    /// <param name="from">Where to begin.</param>
    public static (int Start, int Length) Find(ReadOnlySpan<byte> text, XmlProlog prolog, int from = 0)
    {
        var tag = StartTag(text, from, out var name);
        if (tag < 0)
        {
            return default;
        }

        var start = prolog.RootStart == tag && prolog.HasDeclaration ? prolog.Declaration.Start.Value : PrologStart(text, from, tag);
        return (start, End(text, tag, name) - start);
    }

    private static int StartTag(ReadOnlySpan<byte> text, int from, out ReadOnlySpan<byte> name)
    {
        while (from < text.Length && text[from..].IndexOf("Envelope"u8) is var found and >= 0)
        {
            var word = from + found;
            from = word + "Envelope".Length;
            if (from < text.Length && text[from] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'>' or (byte)'/'))
            {
                continue;
            }

            var before = text[Math.Max(0, word - MaxPrefix)..word];
            var open = before.LastIndexOfAny(NotInName);
            if (open < 0 || before[open] != (byte)'<' || (before.Length > open + 1 && before[^1] != (byte)':'))
            {
                continue;
            }

            var start = word - before.Length + open;
            name = text[(start + 1)..from];
            return start;
        }

        name = default;
        return -1;
    }

    // The declaration says the encoding; a document type or a processing instruction makes a fault: all belong to what is cut out.
    private static int PrologStart(ReadOnlySpan<byte> text, int from, int tag)
    {
        var before = text[from..tag];
        var start = before.LastIndexOf("<?xml "u8);
        start = start >= 0 ? start : before.LastIndexOf("<!DOCTYPE"u8);
        start = start >= 0 ? start : before.LastIndexOf("<?"u8);
        return start >= 0
            && XmlProlog.Read(text[(from + start)..]).RootStart == tag - from - start
            ? from + start
            : tag;
    }

    /// <summary>The end of the element that starts here; the end of the text when it is not closed.</summary>
    private static int End(ReadOnlySpan<byte> text, int tag, ReadOnlySpan<byte> name)
    {
        var depth = 0;
        var position = tag;
        while (position < text.Length)
        {
            var found = text[position..].IndexOf(name);
            if (found < 0)
            {
                return text.Length;
            }

            var at = position + found;
            position = at + name.Length;
            if (text[at - 1] == (byte)'/' && text[at - 2] == (byte)'<' && CloseLength(text[position..]) is var close and > 0)
            {
                position += close;
                if (--depth <= 0)
                {
                    return position;
                }
            }
            else if (text[at - 1] == (byte)'<')
            {
                depth++;
            }
        }

        return text.Length;
    }

    private static int CloseLength(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAnyExcept(" \t\r\n"u8);
        return end >= 0 && rest[end] == (byte)'>' ? end + 1 : 0;
    }
}
