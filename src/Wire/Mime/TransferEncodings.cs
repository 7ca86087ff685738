using System.Buffers;
using System.Text;

namespace Relay.Wire.Mime;

/// <summary>The names of the transfer encodings (RFC 2045 §6.1).</summary>
internal static class TransferEncodings
{
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" \t\r\n;("u8);

    public static MimeDecodeResult TooLarge { get; } =
        new MimeDecodeResult.Refused(new MimeFault(MimeFaultKind.TooLarge, "A part of the mail is too large."));

    /// <summary>Reads a field's value; comments are ignored, an unknown name is <see cref="TransferEncoding.Unknown"/>.</summary>
    public static TransferEncoding Parse(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n"u8);
        if (value.IsEmpty)
        {
            return TransferEncoding.SevenBit;
        }

        var name = (value.IndexOfAny(NameEnds) is var end and >= 0 ? value[..end] : value).Trim((byte)'"');
        foreach (var (known, encoding) in Names)
        {
            if (name.Length == known.Length && Ascii.EqualsIgnoreCase(name, known))
            {
                return encoding;
            }
        }

        return TransferEncoding.Unknown;
    }

    private static readonly (string Name, TransferEncoding Encoding)[] Names =
    [
        ("base64", TransferEncoding.Base64),
        ("quoted-printable", TransferEncoding.QuotedPrintable),
        ("7bit", TransferEncoding.SevenBit),
        ("8bit", TransferEncoding.EightBit),
        ("binary", TransferEncoding.Binary),
    ];
}
