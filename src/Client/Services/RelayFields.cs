using System.Xml.Linq;

namespace Relay.Client.Services;

/// <summary>Named values as the relay wrote them, in its order. Newer relays may tell more.</summary>
/// <param name="Values">Names without namespace; a list is one value, joined by commas.</param>
internal sealed record RelayFields(IReadOnlyList<KeyValuePair<string, string>> Values)
{
    /// <returns>Null where the relay did not tell it.</returns>
    public string? this[string name] => Values.FirstOrDefault(value => value.Key == name).Value;

    /// <summary>Reads the children of an element; a child that has children itself is a list of their texts.</summary>
    public static RelayFields Of(XElement element) => new([.. element.Elements().Select(child => KeyValuePair.Create(child.Name.LocalName,
        child.HasElements ? string.Join(", ", child.Elements().Select(one => one.Value.Trim())) : child.Value.Trim()))]);
}
