using System.Xml;
using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>Opens XML from outside: no DTD, no resolver, a bound on depth.</summary>
public static class SafeXml
{
    private const int MaxDepth = 64;

    /// <summary>Reads a whole document.</summary>
    /// <param name="xml">The decoded text.</param>
    /// <exception cref="XmlException">Not well-formed, has a DTD, or is deeper than 64 elements.</exception>
    public static XElement Load(string xml)
    {
        using var text = new StringReader(xml);
        using var reader = XmlReader.Create(text, Settings());
        return Load(reader);
    }

    /// <summary>Reads a whole document.</summary>
    /// <param name="octets">In UTF-8, or as a byte order mark or declaration says.</param>
    /// <exception cref="XmlException">Not well-formed, has a DTD, or is deeper than 64 elements.</exception>
    public static XElement Load(ReadOnlyMemory<byte> octets)
    {
        using var stream = new MemoryStream(octets.ToArray(), writable: false);
        using var reader = XmlReader.Create(stream, Settings());
        return Load(reader);
    }

    private static XElement Load(XmlReader reader)
    {
        XElement? root = null;
        XElement? current = null;
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth)
            {
                throw new XmlException($"The document is deeper than {MaxDepth} elements.");
            }

            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var element = ReadStart(reader);
                    current?.Add(element);
                    root ??= element;
                    current = reader.IsEmptyElement ? current : element;
                    break;
                case XmlNodeType.EndElement:
                    current = current?.Parent;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    current?.Add(new XText(reader.Value));
                    break;
                default:
                    break;
            }
        }

        return root ?? throw new XmlException("The document has no element.");
    }

    private static XElement ReadStart(XmlReader reader)
    {
        var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
        while (reader.MoveToNextAttribute())
        {
            var space = reader.NamespaceURI == "http://www.w3.org/2000/xmlns/" && reader.Prefix.Length == 0 ? "" : reader.NamespaceURI;
            element.Add(new XAttribute(XName.Get(reader.LocalName, space), reader.Value));
        }

        reader.MoveToElement();
        return element;
    }

    private static XmlReaderSettings Settings() => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = 64 * 1024 * 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };
}
