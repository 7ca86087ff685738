using Relay.Settings;
using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>The section <c>Relay:Services</c>: which address is which service.</summary>
internal sealed record ServiceOptions(IReadOnlyList<ServiceAddress> Services)
{
    public static ServiceOptions Read(SettingsReader settings)
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

            if (!MailAddress.TryParse(text, out var address))
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

        return services.Count > 0 || settings.List("Services").Count > 0
            ? new ServiceOptions(services)
            : new ServiceOptions([Default("ews", ServiceKind.Ews), Default("calendar", ServiceKind.Calendar)]);
    }

    private static ServiceAddress Default(string localPart, ServiceKind kind) =>
        MailAddress.TryParse($"{localPart}@localhost", out var address)
            ? new ServiceAddress(address, kind)
            : throw new InvalidOperationException("The default service address does not parse.");
}
