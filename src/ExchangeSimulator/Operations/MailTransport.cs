using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>Delivers what is sent to every recipient who has a mailbox here; the others never hear of it.</summary>
internal sealed class MailTransport(MailboxActions actions)
{
    public void Send(OperationContext context, SimulatedMailbox sender, XElement message)
    {
        string[] lists = message.Name.LocalName == "CalendarItem"
            ? ["RequiredAttendees", "OptionalAttendees", "Resources"]
            : ["ToRecipients", "CcRecipients", "BccRecipients"];
        var from = ItemShape.AddressesOf(message, "From").FirstOrDefault() ?? sender.Address;
        foreach (var address in lists.SelectMany(list => ItemShape.AddressesOf(message, list)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (context.Database.Find(address) is { } recipient)
            {
                actions.Deliver(recipient, message, from);
            }
        }
    }

    /// <summary>Saves a copy of what was sent.</summary>
    public void SaveCopy(SimulatedFolder folder, SimulatedMailbox sender, XElement message)
    {
        var copy = new XElement(message);
        if (message.Name.LocalName == "Message" && copy.Element(EwsNames.Types + "From") is null)
        {
            copy.Add(new XElement(EwsNames.Types + "From", MailboxActions.MailboxElement(sender.Address)));
        }

        copy.Element(EwsNames.Types + "IsRead")?.Remove();
        actions.Create(folder, copy, isDraft: false);
    }
}
