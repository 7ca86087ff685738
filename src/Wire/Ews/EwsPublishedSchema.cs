using System.Xml.Linq;
using Relay.Wire.Soap;

namespace Relay.Wire.Ews;

/// <summary>The schema of requests, responses and notifications as clients are given it: one document for each namespace.</summary>
public static class EwsPublishedSchema
{
    /// <summary>The schema of the types namespace, then that of the messages namespace, which imports it.</summary>
    public static IReadOnlyList<XElement> Read() =>
        [Merge("types.xsd", "response-types.xsd"), Merge("messages.xsd", "response-messages.xsd")];

    // Two schemas of one namespace beside each other are legal, but half of the readers see the first alone.
    private static XElement Merge(string requests, string responses)
    {
        var schema = Load(requests);
        schema.Add(Load(responses).Elements());
        return schema;
    }

    private static XElement Load(string name)
    {
        using var text = EwsSchema.Open(name);
        return SafeXml.Load(text.ReadToEnd());
    }
}
