using System.Globalization;
using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>What users and mail flow do to mailboxes; each action leaves its events and its change rows.</summary>
internal sealed class MailboxActions(SimulatedDatabase database, EventTable events)
{
    private static readonly XNamespace T = EwsNames.Types;

    /// <summary>Puts mail into an inbox, as the transport does; an appointment arrives as a request to come.</summary>
    public SimulatedItem Deliver(SimulatedMailbox mailbox, XElement message, string from)
    {
        var sender = MailboxElement(from);
        var isMeeting = message.Name.LocalName == "CalendarItem";
        var delivered = ItemSchema.Arrange(isMeeting ? "MeetingRequest" : "Message", [
            .. Defaults(isMeeting ? "IPM.Schedule.Meeting.Request" : "IPM.Note"),
            .. message.Elements().Where(element => element.Name.LocalName is not ("BccRecipients" or "IsRead" or "Sender" or "From")),
            .. Stamps(),
            new XElement(T + "Sender", sender),
            new XElement(T + "From", sender),
            new XElement(T + "ReceivedBy", MailboxElement(mailbox.Address)),
            new XElement(T + "IsDraft", "false"),
            new XElement(T + "IsRead", "false"),
        ]);
        var item = database.Add(mailbox.Distinguished["inbox"], delivered);
        events.Delivered(item);
        return item;
    }

    /// <summary>Saves an item that a client made.</summary>
    public SimulatedItem Create(SimulatedFolder folder, XElement content, bool isDraft)
    {
        var kind = content.Name.LocalName;
        var itemClass = kind switch
        {
            "CalendarItem" => "IPM.Appointment",
            "Contact" => "IPM.Contact",
            "Task" => "IPM.Task",
            _ => "IPM.Note",
        };
        var item = database.Add(folder, ItemSchema.Arrange(kind, [
            .. Defaults(itemClass),
            new XElement(T + "IsDraft", isDraft ? "true" : "false"),
            .. Stamps(),
            .. content.Elements(),
        ]));
        events.Created(item);
        return item;
    }

    /// <summary>Gives an item these properties instead of its own of the same names.</summary>
    public SimulatedItem Update(SimulatedItem item, IReadOnlyCollection<XElement> set, IReadOnlyCollection<string> delete)
    {
        var kept = item.Content.Elements().Where(element => !delete.Contains(element.Name.LocalName));
        var content = ItemSchema.Arrange(item.Kind, [.. kept, new XElement(T + "LastModifiedTime", Time()), .. set]);
        var readFlagOnly = delete.Count == 0 && set.Count > 0 && set.All(element => element.Name.LocalName == "IsRead");
        var updated = database.Replace(item, content, readFlagOnly ? ObjectChangeKind.ReadFlag : ObjectChangeKind.Changed);
        events.Modified(updated);
        return updated;
    }

    public SimulatedItem Copy(SimulatedItem item, SimulatedFolder target)
    {
        var copy = database.Add(target, item.Content);
        events.Copied(item, copy);
        return copy;
    }

    public SimulatedItem Move(SimulatedItem item, SimulatedFolder target)
    {
        var moved = MoveQuietly(item, target);
        events.Moved(item, moved);
        return moved;
    }

    public void HardDelete(SimulatedItem item)
    {
        database.Remove(item);
        events.HardDeleted(item);
    }

    public void SoftDelete(SimulatedItem item)
    {
        var moved = MoveQuietly(item, item.Folder.Mailbox.Distinguished["recoverableitemsdeletions"]);
        events.SoftDeleted(item, moved);
    }

    public SimulatedFolder CreateFolder(SimulatedFolder parent, string name, string kind, string folderClass)
    {
        var folder = database.AddFolder(parent.Mailbox, name, parent, kind, folderClass);
        events.Created(folder);
        return folder;
    }

    public void Rename(SimulatedFolder folder, string name)
    {
        folder.Place(name, folder.Parent);
        database.Changed(folder);
        events.Renamed(folder);
    }

    public void Move(SimulatedFolder folder, SimulatedFolder target)
    {
        var from = folder.Parent ?? target;
        folder.Place(folder.Name, target);
        database.Changed(folder);
        events.Moved(folder, from);
    }

    public void Delete(SimulatedFolder folder)
    {
        foreach (var child in folder.Mailbox.Folders.Where(other => other.IsUnder(folder)).Reverse().ToArray())
        {
            database.Remove(child);
        }

        database.Remove(folder);
        events.Deleted(folder);
    }

    /// <summary>An address as a t:Mailbox element.</summary>
    public static XElement MailboxElement(string address) => new(T + "Mailbox",
        new XElement(T + "Name", address),
        new XElement(T + "EmailAddress", address),
        new XElement(T + "RoutingType", "SMTP"),
        new XElement(T + "MailboxType", "Mailbox"));

    private SimulatedItem MoveQuietly(SimulatedItem item, SimulatedFolder target)
    {
        database.Remove(item);
        return database.Add(target, item.Content);
    }

    private XElement[] Defaults(string itemClass) =>
    [
        new(T + "ItemClass", itemClass),
        new(T + "Subject", ""),
        new(T + "Sensitivity", "Normal"),
        new(T + "Importance", "Normal"),
        new(T + "HasAttachments", "false"),
        new(T + "IsRead", "true"),
        new(T + "InternetMessageId", $"<{database.NewGuid():N}@simulator.invalid>"),
        new(T + "ConversationId", new XAttribute("Id", Convert.ToBase64String(database.NewGuid().ToByteArray()))),
    ];

    private XElement[] Stamps()
    {
        var now = Time();
        return [
            new(T + "DateTimeReceived", now), new(T + "DateTimeSent", now), new(T + "DateTimeCreated", now), new(T + "LastModifiedTime", now)];
    }

    private string Time() => database.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
