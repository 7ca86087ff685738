using System.Xml.Linq;
using Relay.Store;
using Relay.Wire.Ews;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Notifications;

/// <summary>
/// The header block <c>r:Items</c>: what the subscriber wanted to know of the items of a notification. The body stays what Exchange's schema
/// allows; items themselves are parts of the mail that the block refers to.
/// </summary>
internal static class ItemHeader
{
    private const int LongestText = 500;

    private static readonly XNamespace R = "urn:soap-relay:v1";

    /// <summary>The ids of the items that can still be there; folders and what was deleted are not asked for.</summary>
    public static IReadOnlyList<string> ItemsOf(IReadOnlyList<LoggedEvent> events) =>
        [.. events.Where(logged => !logged.Event.IsFolder && logged.Gap is null && logged.Event.Type != MailboxEventType.Deleted)
            .Select(logged => logged.Event.Object.Id)
            .Distinct()];

    /// <summary>The block, and the parts that it refers to.</summary>
    /// <param name="due">With its items.</param>
    /// <param name="messageId">Of the mail; the parts' ids are made of it.</param>
    public static (XElement Block, IReadOnlyList<SoapAttachment> Parts) Of(Due due, string messageId)
    {
        var parts = new List<SoapAttachment>();
        var block = new XElement(R + "Items", new XAttribute(XNamespace.Xmlns + "r", R));
        foreach (string id in ItemsOf(due.Page.Events))
        {
            var item = due.Items!.GetValueOrDefault(id) ?? new NotifiedItem(NotifiedItemState.Unavailable);
            block.Add(new XElement(
                R + "Item",
                new XAttribute("Id", id),
                new XAttribute("State", item.State),
                Leaf("Subject", Bounded(item.Subject)),
                Leaf("From", Bounded(item.From)),
                Leaf("Received", item.Received?.UtcDateTime),
                item.Content is { } content ? new XElement(R + "Content", new XAttribute("href", $"cid:{Add(content)}")) : null));
        }

        return (block, parts);

        string Add(ReadOnlyMemory<byte> content)
        {
            var part = Part($"{parts.Count + 1}.{messageId.Trim('<', '>')}", content);
            parts.Add(part);
            return part.ContentId;
        }
    }

    // RFC 2046 §5.2.1: message/rfc822 has no encoding that changes octets; what cannot travel without one is told as octets.
    private static SoapAttachment Part(string contentId, ReadOnlyMemory<byte> content) => SevenBit.Fits(content.Span)
        ? new SoapAttachment(contentId, "message/rfc822", content) { IsSevenBit = true }
        : new SoapAttachment(contentId, "application/octet-stream; name=\"item.eml\"", content);

    private static XElement? Leaf(string name, object? value) => value is null ? null : new XElement(R + name, value);

    private static string? Bounded(string? text) =>
        text is null || text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)] + "…";
}
