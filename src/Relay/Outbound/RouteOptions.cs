using Relay.Settings;
using Relay.Wire.Smtp;

namespace Relay.Outbound;

/// <summary>A way of its own for mail to some domains.</summary>
/// <param name="Domain"><c>branch.example</c> is that domain, <c>.branch.example</c> or <c>*.branch.example</c> every one below it, <c>*</c> all.</param>
/// <param name="Smarthost">Where such mail goes.</param>
internal sealed record RouteOptions(string Domain, SmarthostOptions Smarthost)
{
    public static RouteOptions Read(SettingsReader settings)
    {
        string domain = settings.Text("Domain", "");
        string suffix = domain.TrimStart('*');
        if (suffix.Contains('*', StringComparison.Ordinal) || suffix == "." || (domain != "*" && suffix.Length == 0) || (domain.Length > suffix.Length && suffix is [not '.', ..])
            || (domain != "*" && !MailAddress.TryParse($"x@{(suffix is ['.', .. var below] ? below : suffix)}", out _)))
        {
            settings.Fault("Domain", $"is \"{domain}\"; give a domain, .domain or *.domain for those below it, or *");
        }

        return new RouteOptions(domain, SmarthostOptions.ReadListed(settings));
    }

    public bool Fits(string domain) => Domain == "*"
        || (Domain.TrimStart('*') is ['.', ..] suffix
            ? domain.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && domain.Length > suffix.Length
            : domain.Equals(Domain, StringComparison.OrdinalIgnoreCase));
}
