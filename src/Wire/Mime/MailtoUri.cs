using System.Diagnostics.CodeAnalysis;
using Relay.Wire.Smtp;

namespace Relay.Wire.Mime;

/// <summary>mailto: addresses as SOAP headers and requests give them.</summary>
public static class MailtoUri
{
    /// <summary>Reads <c>mailto:local@domain</c>: exactly one address; of the fields after <c>?</c> only a subject, which is ignored.</summary>
    // Departs from RFC 6068 §2: several addresses, cc, bcc and body would let a request choose who else gets mail.
    public static bool TryParse(string text, [NotNullWhen(true)] out MailAddress? address)
    {
        address = null;
        var uri = text.AsSpan().Trim();
        if (!uri.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = uri["mailto:".Length..];
        var query = rest.IndexOf('?');
        if (query >= 0 && !IsHarmless(rest[(query + 1)..]))
        {
            return false;
        }

        // RFC 6068 §2: percent-encoding is undone once; a line end that appears then makes no address.
        return MailAddress.TryParse(Uri.UnescapeDataString(query < 0 ? rest : rest[..query]), out address) && address.Domain.Length > 0;
    }

    /// <summary>The address as a URI, percent-encoded so that <see cref="TryParse"/> gives it back.</summary>
    public static string Format(MailAddress address)
    {
        var text = address.ToString();
        var at = text.LastIndexOf('@');
        return "mailto:" + Uri.EscapeDataString(text[..at]) + text[at..];
    }

    private static bool IsHarmless(ReadOnlySpan<char> query) =>
        query.StartsWith("subject=", StringComparison.OrdinalIgnoreCase) && !query.Contains('&');
}
