using Relay.Settings;
using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>The section <c>Relay:Services</c>: which address is which service.</summary>
internal sealed record ServiceOptions(IReadOnlyList<ServiceAddress> Services)
{
    /// <param name="settings">The section <c>Relay</c>.</param>
    /// <param name="domains">Ours besides those of the services; each has its <c>help@</c> and <c>wsdl@</c> unless the settings name that address.</param>
    public static ServiceOptions Read(SettingsReader settings, IReadOnlyList<string> domains)
    {
        var services = new List<ServiceAddress>();
        foreach (var item in settings.List("Services"))
        {
            string text = item.Text("Address", "");
            var kind = item.Choice("Service", ServiceKind.Ews);
            bool takesBarePayload = item.Bool("BarePayload", false);
            if (item.OptionalText("Service") is null)
            {
                item.Fault("Service", $"is not given; give one of {string.Join(", ", Enum.GetNames<ServiceKind>())}");
            }

            if (!MailAddress.TryParse(text, out var address) || address.Domain.Length == 0)
            {
                item.Fault("Address", $"is \"{text}\"; give an address such as ews@gateway.example");
            }
            else if (services.Any(service => service.Address.IsSameMailbox(address)))
            {
                item.Fault("Address", $"names {address} a second time");
            }
            else
            {
                services.Add(new ServiceAddress(address, kind, takesBarePayload));
            }
        }

        if (settings.List("Services").Count == 0)
        {
            AddUnlessNamed(services, "ews@localhost", ServiceKind.Ews);
            AddUnlessNamed(services, "calendar@localhost", ServiceKind.Calendar);
        }

        foreach (string domain in domains.Concat(services.Select(service => service.Address.Domain)).Distinct(StringComparer.OrdinalIgnoreCase).ToList())
        {
            AddUnlessNamed(services, $"help@{domain}", ServiceKind.Help);
            AddUnlessNamed(services, $"wsdl@{domain}", ServiceKind.Wsdl);
        }

        return new ServiceOptions(services);
    }

    private static void AddUnlessNamed(List<ServiceAddress> services, string text, ServiceKind kind)
    {
        if (MailAddress.TryParse(text, out var address) && !services.Any(service => service.Address.IsSameMailbox(address)))
        {
            services.Add(new ServiceAddress(address, kind));
        }
    }
}
