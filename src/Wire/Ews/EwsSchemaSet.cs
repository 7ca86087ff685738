using System.Xml;
using System.Xml.Schema;

namespace Relay.Wire.Ews;

/// <summary>
/// A pair of schemas for messages and types, compiled. An envelope is validated whole: no schema for SOAP itself is in the set, so
/// its elements pass unexamined, while header blocks and the body's child are held to theirs, at their place in the envelope.
/// </summary>
public sealed class EwsSchemaSet
{
    // types.xsd imports the xml namespace without saying where it is; the set does not compile until someone declares xml:lang.
    private const string XmlNamespaceSchema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
          <xs:attribute name="lang" type="xs:language"/>
        </xs:schema>
        """;

    private readonly XmlSchemaSet _schemas = new() { XmlResolver = null };

    private EwsSchemaSet(TextReader types, TextReader messages)
    {
        Add(new StringReader(XmlNamespaceSchema));
        Add(types);
        Add(messages);
        _schemas.Compile();
    }

    /// <summary>Reads <c>types.xsd</c> and <c>messages.xsd</c>, as a server publishes them beside its endpoint.</summary>
    /// <param name="folder">Holds both files.</param>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="XmlSchemaException">The two do not make a schema.</exception>
    public static EwsSchemaSet FromFolder(string folder)
    {
        using var types = new StreamReader(Path.Combine(folder, "types.xsd"));
        using var messages = new StreamReader(Path.Combine(folder, "messages.xsd"));
        return new EwsSchemaSet(types, messages);
    }

    /// <summary>The first violation in an envelope.</summary>
    /// <param name="envelopeXml">Well-formed XML; line and position count from its first character.</param>
    /// <returns>Null when the schemas allow it; elements that they do not know are allowed.</returns>
    /// <exception cref="XmlException">The text is not well-formed, or has a DTD.</exception>
    public SchemaViolation? Validate(string envelopeXml)
    {
        SchemaViolation? first = null;
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            ValidationType = ValidationType.Schema,
            Schemas = _schemas,
            // No flags: identity constraints and schema hints inside the instance are not for a peer to use.
            ValidationFlags = XmlSchemaValidationFlags.None,
        };
        settings.ValidationEventHandler += (_, e) =>
            first ??= new SchemaViolation(e.Message, e.Exception.LineNumber, e.Exception.LinePosition);
        using var reader = XmlReader.Create(new StringReader(envelopeXml), settings);
        while (first is null && reader.Read())
        {
        }

        return first;
    }

    internal static EwsSchemaSet FromText(TextReader types, TextReader messages) => new(types, messages);

    private void Add(TextReader schema)
    {
        using var reader = XmlReader.Create(schema, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        _schemas.Add(null, reader);
    }
}
