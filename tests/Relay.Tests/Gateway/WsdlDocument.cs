using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Relay.TestKit.Mail;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Tests.Gateway;

/// <summary>The WSDL in an answer of wsdl@, its schemas compiled by System.Xml.Schema.</summary>
internal sealed class WsdlDocument
{
    public static readonly XNamespace Wsdl = "http://schemas.xmlsoap.org/wsdl/";
    public static readonly XNamespace Soap = "http://schemas.xmlsoap.org/wsdl/soap/";

    private readonly XmlSchemaSet _schemas = new() { XmlResolver = null };

    private WsdlDocument(XElement root)
    {
        Root = root;
        foreach (var schema in root.Elements(Wsdl + "types").Elements())
        {
            using var reader = schema.CreateReader();
            _schemas.Add(null, reader);
        }

        _schemas.ValidationEventHandler += (_, violation) => Assert.Fail(violation.Message);
        _schemas.Compile();
    }

    public XElement Root { get; }

    public static MimeEntity Parts(RecordedMail mail) =>
        Assert.IsType<MimeReadResult.Read>(MimeReader.Read(mail.Content, MimeLimits.Default)).Root;

    public static WsdlDocument Of(RecordedMail mail)
    {
        var attached = Parts(mail).Parts[1];
        var octets = Assert.IsType<MimeDecodeResult.Decoded>(attached.Decode(MimeLimits.Default)).Octets;
        return new WsdlDocument(SafeXml.Load(octets));
    }

    public IEnumerable<XElement> All(string name) => Root.Descendants(Wsdl + name);

    public bool Declares(XName element) => _schemas.GlobalElements.Contains(new XmlQualifiedName(element.LocalName, element.NamespaceName));

    /// <summary>The name that an attribute's value is, by the prefixes in force there.</summary>
    public static XName Resolve(XAttribute reference)
    {
        string[] parts = reference.Value.Split(':');
        return reference.Parent!.GetNamespaceOfPrefix(parts[0])! + parts[1];
    }

    /// <summary>What the schemas have against an element that a body holds; it must be declared.</summary>
    public IReadOnlyList<string> Violations(XElement element)
    {
        var violations = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = _schemas, XmlResolver = null };
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings;
        settings.ValidationEventHandler += (_, violation) => violations.Add(violation.Message);
        using var plain = element.CreateReader();
        using var reader = XmlReader.Create(plain, settings);
        while (reader.Read())
        {
        }

        return violations;
    }
}
