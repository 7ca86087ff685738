using System.Xml;
using System.Xml.Schema;

namespace Relay.TestKit;

/// <summary>
/// Exchange's own schema (messages.xsd and types.xsd from the shared folder): what a strict Exchange client would accept.
/// Streaming responses must not be validated with it, since their wire form differs from it on every real server.
/// </summary>
public sealed class ExchangeSchema
{
    // types.xsd imports the xml namespace without saying where it is; offline, it needs this stand-in to compile.
    private const string XmlNamespaceSchema =
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='http://www.w3.org/XML/1998/namespace'>"
        + "<xs:attribute name='lang' type='xs:language'/></xs:schema>";

    private static readonly Lazy<ExchangeSchema?> Compiled = new(Compile);

    private readonly XmlSchemaSet _schemas;

    private ExchangeSchema(XmlSchemaSet schemas) => _schemas = schemas;

    /// <summary>Null where the shared folder is absent. Compiled once, at the first mention.</summary>
    public static ExchangeSchema? Find() => Compiled.Value;

    /// <summary>What to say when skipping.</summary>
    public static string Missing => Shared.Missing("ews-schema");

    /// <summary>Violations of a whole SOAP envelope, each with line and position; empty when it is valid.</summary>
    /// <remarks>Elements that the schema does not know pass, the SOAP ones among them: the caller checks the body's first child.</remarks>
    public IReadOnlyList<string> Violations(string envelope)
    {
        var violations = new List<string>();
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            ValidationType = ValidationType.Schema,
            Schemas = _schemas,
        };
        settings.ValidationEventHandler += (_, violation) =>
            violations.Add($"line {violation.Exception.LineNumber}, position {violation.Exception.LinePosition}: {violation.Message}");
        using var reader = XmlReader.Create(new StringReader(envelope), settings);
        while (reader.Read())
        {
        }

        return violations;
    }

    private static ExchangeSchema? Compile()
    {
        if (Shared.Find("ews-schema/messages.xsd") is not { } messages || Shared.Find("ews-schema/types.xsd") is not { } types)
        {
            return null;
        }

        var schemas = new XmlSchemaSet { XmlResolver = null };
        foreach (TextReader text in new TextReader[] { new StringReader(XmlNamespaceSchema), File.OpenText(types), File.OpenText(messages) })
        {
            using (text)
            using (var reader = XmlReader.Create(text))
            {
                schemas.Add(targetNamespace: null, reader);
            }
        }

        schemas.Compile();
        return new ExchangeSchema(schemas);
    }
}
