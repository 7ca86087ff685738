using System.Net;
using Relay.ExchangeSimulator;
using Relay.Settings;
using Relay.Wire.Smtp;

namespace Relay.Hosting;

/// <summary>The section <c>Relay:Exchange:Simulator</c>: the Exchange that the relay brings when none is configured.</summary>
internal static class SimulatorSettings
{
    public static ExchangeSimulatorOptions Read(SettingsReader settings)
    {
        var options = new ExchangeSimulatorOptions();
        string text = settings.Text("Url", options.Url.ToString());
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            && (url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))))
        {
            options.Url = url;
        }
        else
        {
            settings.Fault("Url", $"is \"{text}\"; give an http URL on this machine such as {options.Url}");
        }

        string activity = settings.Text("Activity", "off");
        if (double.TryParse(activity, System.Globalization.CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0.01 and <= 86_400)
        {
            options.Activity = TimeSpan.FromSeconds(seconds);
        }
        else if (!activity.Equals("off", StringComparison.OrdinalIgnoreCase) && activity != "0")
        {
            settings.Fault("Activity", $"is \"{activity}\"; give seconds from 0.01 to 86400, or off");
        }

        var mailboxes = settings.Texts("Mailboxes");
        if (mailboxes.Count == 0 || mailboxes.Contains("any", StringComparer.OrdinalIgnoreCase))
        {
            return options;
        }

        foreach (string mailbox in mailboxes.Where(mailbox => !MailAddress.TryParse(mailbox, out var address) || address.Domain.Length == 0))
        {
            settings.Fault("Mailboxes", $"has \"{mailbox}\"; give addresses such as ann@corp.example, or any");
        }

        options.Mailboxes = mailboxes;
        return options;
    }
}
