using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Relay.Wire.Soap;

namespace Relay.Wire.Ews;

/// <summary>One event element, both ways. The reference client reads the children strictly in the order written here.</summary>
internal static class EventXml
{
    private const string T = EwsNames.TypesUri;

    /// <summary>Writes an event.</summary>
    /// <param name="writer">Stands inside a Notification.</param>
    /// <param name="item">Any event; an unknown one is copied.</param>
    /// <param name="watermarks">False in streams: a watermark inside a streamed event breaks the reference client.</param>
    public static void Write(XmlWriter writer, MailboxEvent item, bool watermarks)
    {
        if (item.Type == MailboxEventType.Unknown)
        {
            SafeXml.Load(item.UnknownXml ?? "<t:StatusEvent xmlns:t=\"" + T + "\"/>").WriteTo(writer);
            return;
        }

        writer.WriteStartElement("t", EventNames.ElementOf(item.Type), T);
        if (watermarks && item.Watermark is not null)
        {
            writer.WriteElementString("t", "Watermark", T, item.Watermark);
        }

        if (item.Type != MailboxEventType.Status)
        {
            WriteObject(writer, item);
        }

        writer.WriteEndElement();
    }

    public static MailboxEvent Read(XElement element)
    {
        var type = EventNames.TypeOf(element.Name.LocalName);
        var watermark = element.ChildText("Watermark");
        var folder = element.Child("FolderId").ToId();
        var known = folder ?? element.Child("ItemId").ToId();
        if (type == MailboxEventType.Status)
        {
            return MailboxEvent.Status(watermark);
        }

        if (type == MailboxEventType.Unknown || known is null)
        {
            return new MailboxEvent
            {
                Type = MailboxEventType.Unknown,
                Watermark = watermark,
                TimeStamp = ReadTime(element),
                UnknownXml = element.ToString(SaveOptions.DisableFormatting),
            };
        }

        return new MailboxEvent
        {
            Type = type,
            Watermark = watermark,
            TimeStamp = ReadTime(element),
            IsFolder = folder is not null,
            Object = known.Value,
            ParentFolder = element.Child("ParentFolderId").ToId() ?? default,
            OldObject = element.Child("OldFolderId").ToId() ?? element.Child("OldItemId").ToId(),
            OldParentFolder = element.Child("OldParentFolderId").ToId(),
            UnreadCount = element.ChildNumber("UnreadCount"),
        };
    }

    private static void WriteObject(XmlWriter writer, MailboxEvent item)
    {
        var kind = item.IsFolder ? "FolderId" : "ItemId";
        writer.WriteElementString("t", "TimeStamp", T, FormatTime(item.TimeStamp));
        WriteId(writer, kind, item.Object);
        WriteId(writer, "ParentFolderId", item.ParentFolder);
        if (item.Type is MailboxEventType.Moved or MailboxEventType.Copied)
        {
            WriteId(writer, "Old" + kind, item.OldObject ?? item.Object);
            WriteId(writer, "OldParentFolderId", item.OldParentFolder ?? item.ParentFolder);
        }

        // The schema allows a count on items too, but the reference client stops reading there.
        if (item is { Type: MailboxEventType.Modified, IsFolder: true, UnreadCount: { } unread })
        {
            writer.WriteElementString("t", "UnreadCount", T, unread.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteId(XmlWriter writer, string element, EwsId id)
    {
        writer.WriteStartElement("t", element, T);
        writer.WriteAttributeString("Id", id.Id ?? "");
        if (id.ChangeKey is not null)
        {
            writer.WriteAttributeString("ChangeKey", id.ChangeKey);
        }

        writer.WriteEndElement();
    }

    private static string FormatTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Takes any xs:dateTime, with nine digits of fraction too, and gives the default for what is none.</summary>
    private static DateTimeOffset ReadTime(XElement element) => LiberalXml.Time(element.ChildText("TimeStamp")) ?? default;
}
