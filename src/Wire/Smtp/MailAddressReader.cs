using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>The grammar of RFC 5321 §4.1.2 from Mailbox downwards, with the wider characters of RFC 6531 §3.3.</summary>
internal static class MailAddressReader
{
    private const int MaxLocalPart = 64;
    private const int MaxDomain = 255;
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> AtomCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~");

    private static readonly SearchValues<char> DottedDecimal = SearchValues.Create("0123456789.");

    /// <summary>Reads a mailbox at the start of the text and tells how many characters it has; the address is null where none stands there.</summary>
    public static int Take(ReadOnlySpan<char> text, out MailAddress? address)
    {
        address = null;
        var localLength = text.StartsWith("\"") ? TakeQuoted(text, out var local) : TakeDotString(text, out local);
        // RFC 5321 §4.5.3.1.1: 64 octets.
        if (localLength == 0 || local.Length == 0 || Encoding.UTF8.GetByteCount(local) > MaxLocalPart)
        {
            return 0;
        }

        if (localLength == text.Length || text[localLength] != '@')
        {
            // RFC 5321 §4.1.1.3: "Postmaster" is the one name that needs no domain.
            address = local.Equals("postmaster", StringComparison.OrdinalIgnoreCase) ? new MailAddress(local, "") : null;
            return address is null ? 0 : localLength;
        }

        var rest = text[(localLength + 1)..];
        var domainLength = rest.StartsWith("[") ? TakeLiteral(rest) : TakeDomain(rest);
        if (domainLength == 0)
        {
            return 0;
        }

        address = new MailAddress(local, rest[..domainLength].ToString());
        return localLength + 1 + domainLength;
    }

    /// <summary>Whether a local part can stand without quotes.</summary>
    public static bool IsDotString(ReadOnlySpan<char> text) => TakeDotString(text, out _) == text.Length && text.Length > 0;

    /// <summary>Whether a word of a parameter's value is an atom; <c>=</c> stands in no value (RFC 5321 §4.1.2).</summary>
    public static bool IsAtom(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(AtomCharacters) && !text.Contains('=');

    /// <summary>Reads a domain at the start of the text; 0 where there is none.</summary>
    public static int TakeDomain(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && IsDomainCharacter(text[end]))
        {
            end++;
        }

        var domain = text[..end];
        // RFC 5321 §4.5.3.1.2: 255 octets.
        if (domain.IsEmpty || Encoding.UTF8.GetByteCount(domain) > MaxDomain)
        {
            return 0;
        }

        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.IsEmpty || label.Length > MaxLabel || label[0] == '-' || label[^1] == '-')
            {
                return 0;
            }
        }

        return end;
    }

    private static int TakeDotString(ReadOnlySpan<char> text, out string local)
    {
        var end = 0;
        while (end < text.Length && (IsAtomCharacter(text[end]) || (text[end] == '.' && end > 0 && text[end - 1] != '.')))
        {
            end++;
        }

        var found = end > 0 && text[end - 1] != '.';
        local = found ? text[..end].ToString() : "";
        return found ? end : 0;
    }

    private static int TakeQuoted(ReadOnlySpan<char> text, out string local)
    {
        var content = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"')
            {
                local = content.ToString();
                return i + 1;
            }

            if (c == '\\' && ++i < text.Length)
            {
                c = text[i];
            }

            // RFC 5321 §4.1.2: qtextSMTP and quoted-pairSMTP hold no control characters, so no address can end a line.
            if (c is < ' ' or '\x7f' || !IsWellFormed(c))
            {
                break;
            }

            content.Append(c);
        }

        local = "";
        return 0;
    }

    private static int TakeLiteral(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(']');
        if (end < 0)
        {
            return 0;
        }

        var content = text[1..end];
        // RFC 5321 §4.1.3: four decimal numbers, or "IPv6:" and an address.
        const string V6 = "IPv6:";
        var valid = content.StartsWith(V6, StringComparison.OrdinalIgnoreCase)
            ? IPAddress.TryParse(content[V6.Length..], out var six) && six.AddressFamily == AddressFamily.InterNetworkV6 && !content.Contains('%')
            : content.Count('.') == 3 && !content.ContainsAnyExcept(DottedDecimal) && IPAddress.TryParse(content, out _);
        return valid ? end + 1 : 0;
    }

    private static bool IsAtomCharacter(char c) => c < 0x80 ? AtomCharacters.Contains(c) : IsWellFormed(c);

    // Departs from RFC 5321 §4.1.2: an underscore in a domain is taken, as hosts in private networks have them.
    private static bool IsDomainCharacter(char c) => c < 0x80 ? char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' : IsWellFormed(c);

    /// <summary>Whether a character beyond ASCII may stand in an address.</summary>
    // U+FFFD is what octets that are no UTF-8 have become; C1 controls have no business in an address.
    internal static bool IsWellFormed(char c) => c is not ('\ufffd' or (>= '\x80' and < '\xa0') or '\u2028' or '\u2029');
}
