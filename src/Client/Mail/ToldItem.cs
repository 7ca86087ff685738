using System.Globalization;
using System.Xml.Linq;

namespace Relay.Client.Mail;

/// <summary>What a notification tells of an item beside its event, where its Subscribe wished for it (<c>r:Items</c>).</summary>
/// <param name="Id">The item's.</param>
/// <param name="State">Told, Gone, Unavailable or TooLarge; another word where the relay is newer than this program.</param>
/// <param name="Subject">Null where it was not told.</param>
/// <param name="From">The author's address; null where it was not told.</param>
/// <param name="Received">Null where it was not told.</param>
/// <param name="Octets">How large the item is that came as a part of the mail; null where none came.</param>
internal sealed record ToldItem(string Id, string State, string? Subject, string? From, DateTimeOffset? Received, int? Octets)
{
    private static readonly XNamespace R = "urn:soap-relay:v1";

    public static IReadOnlyList<ToldItem> ReadAll(IEnumerable<XElement> headers) =>
    [
        .. headers.Where(block => block.Name == R + "Items").Elements(R + "Item").Select(item => new ToldItem(
            item.Attribute("Id")?.Value ?? "",
            item.Attribute("State")?.Value ?? "",
            item.Element(R + "Subject")?.Value,
            item.Element(R + "From")?.Value,
            Time(item.Element(R + "Received")?.Value),
            item.Element(R + "Content") is { } content ? Length(content.Value) : null)),
    ];

    // Reading the envelope has put the part where it was referred to.
    private static int? Length(string base64)
    {
        byte[] octets = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, octets, out int length) ? length : null;
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
