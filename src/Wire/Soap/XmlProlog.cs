using System.Buffers;
using System.Text;

namespace Relay.Wire.Soap;

/// <summary>What stands before and at the root element, found without an XML reader, so that octets can be sorted before they are
/// parsed. Works on any encoding that writes ASCII as ASCII.</summary>
/// <param name="RootStart">Where the root's start tag begins; -1 when there is none.</param>
/// <param name="RootNameLength">Octets of the root's qualified name.</param>
/// <param name="HasDtd">Whether a document type declaration stands before it.</param>
/// <param name="Declaration">Where the XML declaration lies; empty when there is none.</param>
internal readonly record struct XmlProlog(int RootStart, int RootNameLength, bool HasDtd, Range Declaration)
{
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" \t\r\n/><"u8);

    /// <summary>Whether there is an XML declaration.</summary>
    public bool HasDeclaration => !Declaration.Equals(default);

    /// <summary>Reads from the start; what is no XML has no root.</summary>
    public static XmlProlog Read(ReadOnlySpan<byte> xml)
    {
        var position = xml.StartsWith("\uFEFF"u8) ? 3 : 0;
        position += Spaces(xml[position..]);
        var hasDtd = false;
        Range declaration = default;
        while (position < xml.Length && xml[position] == (byte)'<')
        {
            var rest = xml[position..];
            int length;
            if (rest.StartsWith("<?"u8))
            {
                length = LengthTo(rest, "?>"u8);
                declaration = IsDeclaration(rest) && declaration.Equals(default) ? position..(position + length) : declaration;
            }
            else if (rest.StartsWith("<!--"u8))
            {
                length = LengthTo(rest, "-->"u8);
            }
            else if (rest.StartsWith("<!DOCTYPE"u8))
            {
                hasDtd = true;
                length = DtdLength(rest);
            }
            else
            {
                return new XmlProlog(position, NameLength(rest[1..]), hasDtd, declaration);
            }

            if (length == 0)
            {
                break;
            }

            position += length;
            position += Spaces(xml[position..]);
        }

        return new XmlProlog(-1, 0, hasDtd, declaration);
    }

    /// <summary>The encoding that the XML declaration names, or null.</summary>
    /// <param name="xml">What was read.</param>
    public string? DeclaredEncoding(ReadOnlySpan<byte> xml)
    {
        var declaration = xml[Declaration];
        var found = declaration.IndexOf("encoding"u8);
        if (found < 0)
        {
            return null;
        }

        var value = declaration[(found + "encoding".Length)..].TrimStart(" \t\r\n="u8);
        if (value.IsEmpty || value[0] is not ((byte)'"' or (byte)'\''))
        {
            return null;
        }

        var end = value[1..].IndexOf(value[0]);
        return end < 0 ? null : Encoding.Latin1.GetString(value.Slice(1, end));
    }

    /// <summary>Whether the root's local name is this one.</summary>
    /// <param name="xml">What was read.</param>
    /// <param name="localName">A name in ASCII.</param>
    public bool HasRoot(ReadOnlySpan<byte> xml, ReadOnlySpan<byte> localName)
    {
        if (RootStart < 0)
        {
            return false;
        }

        var name = xml.Slice(RootStart + 1, RootNameLength);
        return name[(name.IndexOf((byte)':') + 1)..].SequenceEqual(localName);
    }

    private static bool IsDeclaration(ReadOnlySpan<byte> markup) =>
        markup.StartsWith("<?xml"u8) && markup.Length > 5 && markup[5] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static int Spaces(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r\n"u8) is var found and >= 0 ? found : text.Length;

    private static int LengthTo(ReadOnlySpan<byte> text, ReadOnlySpan<byte> end) => text.IndexOf(end) is var found and >= 0 ? found + end.Length : 0;

    // An internal subset may hold ">" in declarations. What lies behind it matters little: a document type is refused anyway.
    private static int DtdLength(ReadOnlySpan<byte> text)
    {
        var subset = text.IndexOfAny((byte)'[', (byte)'>');
        return subset < 0 ? 0 : text[subset] == (byte)'>' ? subset + 1 : LengthTo(text, "]>"u8);
    }

    private static int NameLength(ReadOnlySpan<byte> name) => name.IndexOfAny(NameEnds) is var end and >= 0 ? end : name.Length;
}
