using System.Globalization;
using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>Which properties of an item an answer holds.</summary>
internal sealed class ItemShape
{
    private static readonly XNamespace T = EwsNames.Types;

    private static readonly HashSet<string> Default =
    [
        "ItemClass", "Subject", "Sensitivity", "Body", "DateTimeReceived", "Size", "Importance", "DateTimeSent", "DateTimeCreated",
        "HasAttachments", "Sender", "ToRecipients", "CcRecipients", "From", "InternetMessageId", "IsRead", "Start", "End", "Location",
        "Organizer", "DisplayName", "CompanyName", "DueDate", "Status", "PercentComplete",
    ];

    private readonly HashSet<string> _wanted;
    private readonly bool _all;
    private readonly bool _mime;

    private ItemShape(HashSet<string> wanted, bool all, bool mime = false) => (_wanted, _all, _mime) = (wanted, all, mime);

    /// <summary>Only the id, which every answer holds.</summary>
    public static ItemShape IdOnly { get; } = new([], false);

    /// <summary>Reads an ItemShape element.</summary>
    /// <param name="shape">With a BaseShape and perhaps AdditionalProperties; null gives the id only.</param>
    public static ItemShape Read(XElement? shape)
    {
        var name = shape?.Element(T + "BaseShape")?.Value;
        HashSet<string> wanted = name == "Default" ? [.. Default] : [];
        foreach (var field in shape?.Element(T + "AdditionalProperties")?.Elements() ?? [])
        {
            wanted.Add(PropertyOf(field) ?? "ExtendedProperty");
        }

        bool mime = shape?.Element(T + "IncludeMimeContent")?.Value is "true" or "1";
        return new ItemShape(wanted, name == "AllProperties", mime);
    }

    /// <summary>The element name behind a FieldURI, as in <c>item:Subject</c>; null for extended fields.</summary>
    /// <param name="field">A FieldURI, IndexedFieldURI or ExtendedFieldURI element.</param>
    public static string? PropertyOf(XElement field) =>
        field.Attribute("FieldURI")?.Value is { } uri ? uri[(uri.IndexOf(':', StringComparison.Ordinal) + 1)..] : null;

    public XElement Render(SimulatedItem item) => ItemSchema.Arrange(item.Kind, [
        _mime ? MimeContent.Of(item) : null,
        ResponseFrame.Id("ItemId", item.Id),
        .. Computed(item).Concat(item.Content.Elements())
            .Where(property => _all || _wanted.Contains(property.Name.LocalName))
            .Select(property => property.Name.LocalName == "Attachments" ? AttachmentIds.List(item, property) : property),
    ]);

    private static IEnumerable<XElement> Computed(SimulatedItem item)
    {
        yield return ResponseFrame.Id("ParentFolderId", item.Folder.Id);
        yield return new XElement(T + "Size", (item.Content.Value.Length + 500).ToString(CultureInfo.InvariantCulture));
        yield return new XElement(T + "IsAssociated", "false");
        yield return new XElement(T + "LastModifiedName", item.Folder.Mailbox.Address);
        yield return new XElement(T + "DisplayTo", string.Join("; ", AddressesOf(item.Content, "ToRecipients")));
        yield return new XElement(T + "DisplayCc", string.Join("; ", AddressesOf(item.Content, "CcRecipients")));
        yield return FolderShape.EffectiveRights();
    }

    /// <summary>The addresses in one of the lists of an item.</summary>
    /// <param name="content">The item's element.</param>
    /// <param name="list">ToRecipients and the like, or the attendees of a meeting.</param>
    public static IEnumerable<string> AddressesOf(XElement content, string list) =>
        content.Element(T + list)?.Descendants(T + "EmailAddress").Select(address => address.Value) ?? [];
}
