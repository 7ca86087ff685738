using Relay.Settings;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>An item of <c>Relay:Pickup</c>: a mailbox of this machine whose mails are taken as requests.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Poll">How often it is looked at.</param>
/// <param name="Recipient">Whom its mails are for; null where their header says so.</param>
internal sealed record PickupOptions(string Path, PickupFormat Format, TimeSpan Poll, MailAddress? Recipient)
{
    public static IReadOnlyList<PickupOptions> ReadAll(SettingsReader settings)
    {
        var pickups = new List<PickupOptions>();
        foreach (var item in settings.List("Pickup"))
        {
            string path = item.Text("Path", "");
            if (!System.IO.Path.IsPathRooted(path))
            {
                item.Fault("Path", $"is \"{path}\"; give the absolute path of a Maildir or an mbox file");
            }
            else if (pickups.Exists(other => other.Path == path))
            {
                item.Fault("Path", $"names {path} a second time");
            }

            MailAddress? recipient = null;
            if (item.OptionalText("Recipient") is { } text && !MailAddress.TryParse(text, out recipient))
            {
                item.Fault("Recipient", $"is \"{text}\"; give an address such as ews@gateway.example");
            }

            pickups.Add(new PickupOptions(
                path,
                item.Choice("Format", PickupFormat.Maildir),
                item.Time("Poll", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
                recipient));
        }

        return pickups;
    }
}
