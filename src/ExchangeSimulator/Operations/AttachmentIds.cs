using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>Ids of attachments: that of their item, and their place in it.</summary>
internal static class AttachmentIds
{
    private static readonly XNamespace T = EwsNames.Types;

    public static string Create(EwsId item, int index) => Convert.ToBase64String([.. Convert.FromBase64String(item.Id), (byte)index]);

    /// <summary>The attachment, with its content; null when there is none.</summary>
    public static XElement? Find(SimulatedDatabase database, string id)
    {
        var octets = new byte[id.Length];
        return Convert.TryFromBase64String(id, octets, out var length) && length > 1
            && database.TryItem(Convert.ToBase64String(octets, 0, length - 1), out var item)
            && item.Content.Element(T + "Attachments")?.Elements().ElementAtOrDefault(octets[length - 1]) is { } attachment
                ? WithId(attachment, id)
                : null;
    }

    /// <summary>The list as GetItem tells it: ids and names, no content.</summary>
    public static XElement List(SimulatedItem item, XElement attachments) => new(attachments.Name, attachments.Elements().Select((attachment, index) =>
    {
        var told = WithId(attachment, Create(item.Id, index));
        told.Element(T + "Content")?.Remove();
        return told;
    }));

    private static XElement WithId(XElement attachment, string id) =>
        new(attachment.Name, new XElement(T + "AttachmentId", new XAttribute("Id", id)), attachment.Elements());
}
