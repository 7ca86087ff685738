using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>The encoding of ENVID and ORCPT: printable ASCII, with <c>+XX</c> for everything else (RFC 3461 §4).</summary>
public static class Xtext
{
    /// <summary>The address type whose addresses go beyond ASCII (RFC 6533 §3).</summary>
    public const string UnicodeType = "utf-8";

    /// <summary>Encodes every character outside 33..126, and <c>+</c> and <c>=</c>; characters beyond ASCII by their UTF-8 octets.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= 33 and <= 126 and not ((byte)'+' or (byte)'='))
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append('+').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }

    /// <summary>
    /// Encodes the address of an ORCPT: as xtext, or with characters beyond ASCII as <c>\x{F6}</c> where the type is <c>utf-8</c>, which servers with
    /// SMTPUTF8 and without it understand (RFC 6533 §3).
    /// </summary>
    public static string EncodeAddress(string type, string address)
    {
        if (!type.Equals(UnicodeType, StringComparison.OrdinalIgnoreCase))
        {
            return Encode(address);
        }

        var encoded = new StringBuilder(address.Length);
        foreach (var rune in address.EnumerateRunes())
        {
            // A backslash may begin a character that came encoded.
            _ = rune.Value is >= 33 and <= 126 and not ('+' or '=') ? encoded.Append((char)rune.Value) : encoded.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X2}}}");
        }

        return encoded.ToString();
    }

    /// <summary>False on a stray <c>=</c>, a <c>+</c> without two upper-case hexadecimal digits, or a control character once decoded.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? decoded) => TryDecode(text, isUnicode: false, out decoded);

    /// <summary>The same, for an address that may hold characters beyond ASCII as they are (RFC 6533 §3, utf-8-addr-unitext).</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, bool isUnicode, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        var octets = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var octet = (int)text[i];
            if (text[i] == '+')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigitUpper(text[i + 1]) || !char.IsAsciiHexDigitUpper(text[i + 2]))
                {
                    return false;
                }

                octet = int.Parse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 2;
            }
            else if (isUnicode && text[i] > '\x7f' && MailAddressReader.IsWellFormed(text[i]))
            {
                var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                octets.AddRange(Encoding.UTF8.GetBytes(text.Slice(i, pair).ToArray()));
                i += pair - 1;
                continue;
            }
            else if (text[i] is < '!' or > '~' or '=')
            {
                return false;
            }

            // A decoded CR or LF would come out as a line of its own in a header field or a command.
            if (octet is < 32 or 127)
            {
                return false;
            }

            octets.Add((byte)octet);
        }

        decoded = Encoding.UTF8.GetString([.. octets]);
        return true;
    }
}
