using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>One version of an item.</summary>
/// <param name="Id">Another in every folder, as in Exchange.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Content">An element of its kind with the properties that it has, in the order of the schema; never changed once here.</param>
internal sealed record SimulatedItem(EwsId Id, SimulatedFolder Folder, XElement Content)
{
    /// <summary>Message, CalendarItem, Contact, Task or Item.</summary>
    public string Kind => Content.Name.LocalName;

    public bool IsRead => Text("IsRead") == "true";

    public bool CountsAsUnread => Kind is "Message" or "MeetingRequest" && !IsRead;

    /// <summary>The stub that names the type in a notification, where the change key tells no version.</summary>
    public string Stub => Kind == "CalendarItem" ? "DwAAAA==" : "CQAAAA==";

    public EwsId Told => Id with { ChangeKey = Stub };

    public string? Text(string property) => Content.Element(EwsNames.Types + property)?.Value;
}
