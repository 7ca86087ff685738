using System.Diagnostics.CodeAnalysis;
using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>Our addresses: services, token addresses and the postmaster.</summary>
/// <param name="services">By address.</param>
/// <param name="domains">Ours besides those of the services.</param>
/// <param name="unknown">What becomes of mail to these domains that is for none of our addresses.</param>
internal sealed class RecipientDirectory(
    IReadOnlyList<ServiceAddress> services, IReadOnlyList<string> domains, UnknownMail unknown = UnknownMail.Reject)
{
    private readonly HashSet<string> _domains = new(
        domains.Concat(services.Select(service => service.Address.Domain)), StringComparer.OrdinalIgnoreCase);

    /// <summary>The services of a domain, or all where none but help@ and wsdl@ is in that domain.</summary>
    public IReadOnlyList<ServiceAddress> ServicesNear(string domain)
    {
        List<ServiceAddress> near = [.. services.Where(service => service.Address.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase))];
        return near.Exists(service => service.Kind is not (ServiceKind.Help or ServiceKind.Wsdl)) ? near : services;
    }

    /// <summary>Whether mail to the domain could be ours, so that an unknown address there is unknown rather than relaying.</summary>
    public bool IsOurDomain(string domain) => _domains.Contains(domain);

    public bool TryFind(MailAddress address, [NotNullWhen(true)] out KnownRecipient? recipient)
    {
        recipient = FindService(address) ?? (KnownRecipient?)FindToken(address) ?? (KnownRecipient?)FindPostmaster(address) ?? FindForeign(address);
        return recipient is not null;
    }

    /// <summary>Whether a mail from this address is our own; answering it could go round for ever.</summary>
    public bool IsOurs(MailAddress address) => FindService(address) is not null || FindToken(address) is not null;

    private KnownRecipient.Service? FindService(MailAddress address)
    {
        int plus = address.LocalPart.IndexOf('+', StringComparison.Ordinal);
        var service = services.FirstOrDefault(s => s.Address.IsSameMailbox(address))
            ?? (plus > 0 ? services.FirstOrDefault(s => IsSame(s.Address, address.LocalPart[..plus], address.Domain)) : null);
        return service is null ? null : new KnownRecipient.Service(service);
    }

    private KnownRecipient.Token? FindToken(MailAddress address)
    {
        int plus = address.LocalPart.IndexOf('+', StringComparison.Ordinal);
        if (plus <= 0 || !IsOurDomain(address.Domain))
        {
            return null;
        }

        return Enum.TryParse(address.LocalPart[..plus], ignoreCase: true, out TokenKind kind) && char.IsLetter(address.LocalPart[0])
            ? new KnownRecipient.Token(kind, address.LocalPart[(plus + 1)..], address)
            : null;
    }

    private KnownRecipient.Postmaster? FindPostmaster(MailAddress address) =>
        IsRole(address.LocalPart) && (address.Domain.Length == 0 || IsOurDomain(address.Domain))
            ? new KnownRecipient.Postmaster(address)
            : null;

    private KnownRecipient.Foreign? FindForeign(MailAddress address) =>
        unknown == UnknownMail.Smarthost && IsOurDomain(address.Domain) ? new KnownRecipient.Foreign(address) : null;

    private static bool IsRole(string localPart) =>
        localPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase) || localPart.Equals("abuse", StringComparison.OrdinalIgnoreCase);

    private static bool IsSame(MailAddress service, string localPart, string domain) =>
        service.LocalPart.Equals(localPart, StringComparison.OrdinalIgnoreCase)
        && service.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase);
}
