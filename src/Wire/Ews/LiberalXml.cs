using System.Globalization;
using System.Xml.Linq;

namespace Relay.Wire.Ews;

/// <summary>
/// Finds elements by local name alone. Servers and clients disagree about which of the two namespaces a child is in
/// (Notification, SubscriptionId, Watermark), and gromox writes some in none; no two children of one element differ by namespace only.
/// </summary>
internal static class LiberalXml
{
    public static XElement? Child(this XElement? parent, string localName)
    {
        for (var node = parent?.FirstNode; node is not null; node = node.NextNode)
        {
            if (node is XElement element && element.Name.LocalName == localName)
            {
                return element;
            }
        }

        return null;
    }

    public static IEnumerable<XElement> Children(this XElement? parent, string localName) =>
        parent is null ? [] : parent.Elements().Where(element => element.Name.LocalName == localName);

    public static string? ChildText(this XElement? parent, string localName) => parent.Child(localName)?.Value;

    public static int? ChildNumber(this XElement? parent, string localName) =>
        int.TryParse(parent.ChildText(localName), CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool? ChildFlag(this XElement? parent, string localName) => Flag(parent.ChildText(localName));

    /// <summary>Reads xs:boolean: <c>1</c> and <c>true</c> are the same.</summary>
    public static bool? Flag(string? text) => text?.Trim() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    /// <summary>
    /// Reads xs:dateTime, of which some servers write nine digits of fraction where .NET holds seven; no zone is taken for UTC.
    /// </summary>
    public static DateTimeOffset? Time(string? text)
    {
        text = text?.Trim() ?? "";
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var end = point + 1;
        while (point >= 0 && end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        const int Held = 7;
        return DateTimeOffset.TryParse(
            point >= 0 && end > point + 1 + Held ? text.Remove(point + 1 + Held, end - point - 1 - Held) : text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time) ? time : null;
    }

    public static EwsId? ToId(this XElement? element) =>
        element?.Attribute("Id") is { } id ? new EwsId(id.Value, element.Attribute("ChangeKey")?.Value) : null;
}
