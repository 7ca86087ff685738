using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>A mailbox as it stands in MAIL, RCPT and address fields (RFC 5321 §4.1.2).</summary>
/// <remarks>Two addresses are equal when their local parts are the same octets and their domains differ in case at most (RFC 5321 §2.4).</remarks>
public sealed record MailAddress
{
    internal MailAddress(string localPart, string domain)
    {
        LocalPart = localPart;
        Domain = domain;
    }

    /// <summary>Without quotes and backslashes: <c>"a b"@x</c> has the local part <c>a b</c>. 1..64 octets.</summary>
    public string LocalPart { get; }

    /// <summary>As written; a name or a literal in brackets, at most 255 octets. Empty only for the bare postmaster.</summary>
    public string Domain { get; }

    /// <summary>RFC 6531 §3.3: an address that is not may only go where SMTPUTF8 is offered.</summary>
    public bool IsAscii => Ascii.IsValid(LocalPart) && Ascii.IsValid(Domain);

    /// <summary>Reads a mailbox that fills the whole text. No display name, no angle brackets, no comments, no blanks around it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out MailAddress? address)
    {
        var taken = MailAddressReader.Take(text, out address);
        if (address is null || taken != text.Length)
        {
            address = null;
            return false;
        }

        return true;
    }

    /// <summary>Both parts ignoring case: how services and people are matched, whatever RFC 5321 §2.4 permits a local part to mean.</summary>
    public bool IsSameMailbox(MailAddress other) =>
        LocalPart.Equals(other.LocalPart, StringComparison.OrdinalIgnoreCase)
        && Domain.Equals(other.Domain, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public bool Equals(MailAddress? other) =>
        other is not null
        && LocalPart.Equals(other.LocalPart, StringComparison.Ordinal)
        && Domain.Equals(other.Domain, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(LocalPart, Domain.GetHashCode(StringComparison.OrdinalIgnoreCase));

    /// <summary>Fit for MAIL and RCPT: the local part is quoted when it must be (RFC 5321 §4.1.2: and never otherwise).</summary>
    public override string ToString()
    {
        var local = MailAddressReader.IsDotString(LocalPart) ? LocalPart : Quote(LocalPart);
        return Domain.Length == 0 ? local : $"{local}@{Domain}";
    }

    private static string Quote(string localPart)
    {
        var quoted = new StringBuilder(localPart.Length + 4).Append('"');
        foreach (var c in localPart)
        {
            if (c is '"' or '\\')
            {
                quoted.Append('\\');
            }

            quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
