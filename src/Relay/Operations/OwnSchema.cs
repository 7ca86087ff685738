using System.Xml;
using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>
/// Violations of the schemas that our description publishes for what is no operation of Exchange's (<c>relay.xsd</c>, <c>calendar.xsd</c>). Such
/// requests are read by local names, so that what a reader can do without is no fault.
/// </summary>
internal static class OwnSchema
{
    /// <summary>The operation lacks a child, or it is empty; worded as System.Xml.Schema does, and so as Exchange does.</summary>
    public static SchemaViolation Missing(OperationRequest request, XName child) => Violation(
        request,
        $"The element '{request.Body.Name.LocalName}' in namespace '{request.Body.Name.NamespaceName}' has incomplete content. "
        + $"List of possible elements expected: '{child.LocalName}' in namespace '{child.NamespaceName}'.");

    /// <summary>A violation at the place of the operation's element.</summary>
    public static SchemaViolation Violation(OperationRequest request, string message)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        using var reader = XmlReader.Create(new StringReader(request.Envelope.Xml), settings);
        var name = request.Body.Name;
        return reader.ReadToFollowing(name.LocalName, name.NamespaceName) && reader is IXmlLineInfo place
            ? new SchemaViolation(message, place.LineNumber, place.LinePosition)
            : new SchemaViolation(message, 1, 1);
    }
}
