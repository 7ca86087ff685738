using System.Globalization;
using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>Which properties of a folder an answer holds.</summary>
internal sealed class FolderShape
{
    private static readonly XNamespace T = EwsNames.Types;

    private static readonly HashSet<string> Default = ["DisplayName", "TotalCount", "ChildFolderCount", "UnreadCount"];

    private static readonly string[] Rights =
        ["CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read", "ViewPrivateItems"];

    private readonly HashSet<string> _wanted;
    private readonly bool _all;

    private FolderShape(HashSet<string> wanted, bool all) => (_wanted, _all) = (wanted, all);

    /// <summary>Reads a FolderShape element.</summary>
    /// <param name="shape">With a BaseShape and perhaps AdditionalProperties; null gives the id only.</param>
    public static FolderShape Read(XElement? shape)
    {
        var name = shape?.Element(T + "BaseShape")?.Value;
        HashSet<string> wanted = name == "Default" ? [.. Default] : [];
        foreach (var field in shape?.Element(T + "AdditionalProperties")?.Elements() ?? [])
        {
            wanted.Add(ItemShape.PropertyOf(field) ?? "ExtendedProperty");
        }

        return new FolderShape(wanted, name == "AllProperties");
    }

    public XElement Render(SimulatedFolder folder) => new(T + folder.Kind,
        ResponseFrame.Id("FolderId", folder.Id),
        Properties(folder).Where(property => _all || _wanted.Contains(property.Name.LocalName)));

    public static XElement EffectiveRights() => new(T + "EffectiveRights",
        Rights.Select(right => new XElement(T + right, "true")));

    /// <summary>In the order of the schema.</summary>
    private static IEnumerable<XElement> Properties(SimulatedFolder folder)
    {
        if (folder.Parent is not null)
        {
            yield return ResponseFrame.Id("ParentFolderId", folder.Parent.Id);
        }

        yield return new XElement(T + "FolderClass", folder.FolderClass);
        yield return new XElement(T + "DisplayName", folder.Name);
        yield return Count("TotalCount", folder.Items.Count);
        yield return Count("ChildFolderCount", folder.Mailbox.Folders.Count(other => other.Parent == folder));
        yield return EffectiveRights();
        if (folder.DistinguishedName is not (null or "allitems"))
        {
            yield return new XElement(T + "DistinguishedFolderId", folder.DistinguishedName);
        }

        if (folder.ToldUnreadCount is { } unread)
        {
            yield return Count("UnreadCount", unread);
        }
    }

    private static XElement Count(string name, int value) => new(T + name, value.ToString(CultureInfo.InvariantCulture));
}
