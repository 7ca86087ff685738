using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>A mailbox as RFC 5321 §4.1.2 writes it; the domain is kept as written and compared ignoring case.</summary>
public sealed record MailAddress
{
    private static readonly SearchValues<char> AtomChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.");

    private static readonly SearchValues<char> NotInDomain = SearchValues.Create("@<>,;:\" \t\r\n\0");

    private MailAddress(string localPart, string domain) => (LocalPart, Domain) = (localPart, domain);

    /// <summary>The local part without quotes; at most 64 octets.</summary>
    public string LocalPart { get; }

    /// <summary>The domain; empty only for the bare <c>postmaster</c>.</summary>
    public string Domain { get; }

    /// <summary>Reads <c>local@domain</c>; no display name, no angle brackets, no comments.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out MailAddress? address)
    {
        address = null;
        if (text.Equals("postmaster", StringComparison.OrdinalIgnoreCase))
        {
            address = new MailAddress(text.ToString(), "");
            return true;
        }

        var at = text.LastIndexOf('@');
        if (at <= 0 || at > 64 || text.Length - at - 1 is 0 or > 255)
        {
            return false;
        }

        var domain = text[(at + 1)..];
        if (ReadLocal(text[..at]) is not { } local || domain.ContainsAny(NotInDomain) || domain[0] == '.' || domain[^1] == '.')
        {
            return false;
        }

        address = new MailAddress(local, domain.ToString());
        return true;
    }

    /// <summary>Both parts ignoring case, as services and people are matched.</summary>
    public bool IsSameMailbox(MailAddress other) =>
        string.Equals(LocalPart, other.LocalPart, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Domain, other.Domain, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString()
    {
        var local = IsDotString(LocalPart) ? LocalPart : Quote(LocalPart);
        return Domain.Length == 0 ? local : local + "@" + Domain;
    }

    private static string? ReadLocal(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '"')
        {
            return IsDotString(text) ? text.ToString() : null;
        }

        var plain = new StringBuilder();
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '\\' && ++i == text.Length - 1 || text[i] < ' ' || text[i - 1] != '\\' && text[i] == '"')
            {
                return null;
            }

            plain.Append(text[i]);
        }

        return text[^1] == '"' ? plain.ToString() : null;
    }

    private static bool IsDotString(ReadOnlySpan<char> text) =>
        text.Length > 0 && text[0] != '.' && text[^1] != '.' && !text.Contains("..", StringComparison.Ordinal)
        && !text.ContainsAnyExcept(AtomChars);

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
