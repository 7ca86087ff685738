using System.Diagnostics.CodeAnalysis;
using System.Text;
using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>XML from octets to text. XmlReader itself turns ISO-8859-1 declared over UTF-8 into nonsense, so it never sees octets.</summary>
internal static class XmlText
{
    /// <summary>Decodes strictly: octets that the encoding does not know are a fault, not a question mark.</summary>
    // RFC 7303 §3: a byte order mark decides, then the charset parameter, then the XML declaration, then UTF-8.
    public static bool TryDecode(
        ReadOnlySpan<byte> octets, string? charset, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out XmlFault? fault)
    {
        var declared = DeclaredEncoding(octets);
        foreach (var name in new[] { ByteOrderMark(octets), Useful(charset), Guess(octets), Useful(declared), "utf-8" })
        {
            if (name is not null && Charsets.TryGetStrict(name, out var encoding) && TryDecode(octets, encoding, out text))
            {
                fault = null;
                return true;
            }
        }

        text = null;
        fault = new XmlFault(XmlFaultKind.BadEncoding, "The octets of the XML are not text in the character set that the mail or the XML names.");
        return false;
    }

    /// <summary>Whether the octets write "&lt;" in more than one octet, so that nothing can be found in them before they are decoded.</summary>
    public static bool IsWide(ReadOnlySpan<byte> octets, string? charset) =>
        octets is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [(byte)'<', 0, ..] or [0, (byte)'<', ..]
        || (charset is not null && (charset.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase)
            || charset.StartsWith("utf-32", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Wide octets as UTF-8; those that are not what they claim stay as they are and fail later.</summary>
    public static byte[] ToUtf8(ReadOnlySpan<byte> octets, string? charset) =>
        TryDecode(octets, charset, out var text, out _) ? Encoding.UTF8.GetBytes(text) : octets.ToArray();

    private static bool TryDecode(ReadOnlySpan<byte> octets, Encoding encoding, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = encoding.GetString(WithoutMark(octets));
            return true;
        }
        catch (DecoderFallbackException)
        {
            // The caller goes on to the next name and says so when none fits.
            text = null;
            return false;
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> octets) => octets switch
    {
        [0xEF, 0xBB, 0xBF, ..] => octets[3..],
        [0xFF, 0xFE, 0, 0, ..] => octets[4..],
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => octets[2..],
        _ => octets,
    };

    // Departs from RFC 7303 §3: "us-ascii" is what programs write without thinking, over UTF-8 too, so it counts as no answer.
    private static string? Useful(string? charset) => charset is null || Charsets.IsAscii(charset.Trim()) ? null : charset;

    private static string? ByteOrderMark(ReadOnlySpan<byte> octets) => octets switch
    {
        [0xEF, 0xBB, 0xBF, ..] => "utf-8",
        [0xFF, 0xFE, 0, 0, ..] => "utf-32",
        [0xFF, 0xFE, ..] => "utf-16",
        [0xFE, 0xFF, ..] => "utf-16BE",
        _ => null,
    };

    // XML 1.0 appendix F: "<" or "<?" in two octets each.
    private static string? Guess(ReadOnlySpan<byte> octets) => octets switch
    {
        [(byte)'<', 0, _, 0, ..] => "utf-16",
        [0, (byte)'<', 0, _, ..] => "utf-16BE",
        _ => null,
    };

    private static string? DeclaredEncoding(ReadOnlySpan<byte> octets) => XmlProlog.Read(octets).DeclaredEncoding(octets);
}
