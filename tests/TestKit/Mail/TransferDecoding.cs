using System.Globalization;
using System.Text;

namespace Relay.TestKit.Mail;

/// <summary>Takes a transfer encoding off. Strict: what a careful mail program would stumble over throws.</summary>
internal static class TransferDecoding
{
    internal static byte[] Decode(string? encoding, ReadOnlyMemory<byte> body) => encoding?.ToLowerInvariant() switch
    {
        "base64" => Convert.FromBase64String(Encoding.ASCII.GetString(body.Span)),
        "quoted-printable" => QuotedPrintable(Encoding.Latin1.GetString(body.Span)),
        null or "7bit" or "8bit" or "binary" => body.ToArray(),
        _ => throw new FormatException($"Unknown transfer encoding \"{encoding}\"."),
    };

    private static byte[] QuotedPrintable(string text)
    {
        var octets = new List<byte>(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '=')
            {
                octets.Add((byte)text[at]);
            }
            else if (text[(at + 1)..].StartsWith("\r\n", StringComparison.Ordinal))
            {
                at += 2;
            }
            else
            {
                octets.Add(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                at += 2;
            }
        }

        return [.. octets];
    }
}
