using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>The only way XML from outside is read: no document type, nothing fetched, every limit enforced while streaming.</summary>
public static class SafeXml
{
    /// <summary>A reader over text. Throws <see cref="XmlRefusedException"/> at a limit, <see cref="XmlException"/> at a fault of form.</summary>
    public static XmlReader CreateReader(string xml, SoapLimits? limits = null) =>
        XmlTagGuard.Check(xml, limits ?? SoapLimits.Default) is { } fault
            ? throw new XmlRefusedException(fault)
            : CreateReader(new StringReader(xml), limits);

    /// <summary>As <see cref="CreateReader(string, SoapLimits?)"/> over a text that arrives.</summary>
    public static XmlReader CreateReader(TextReader xml, SoapLimits? limits = null) =>
        new LimitedXmlReader(XmlReader.Create(xml, Settings(limits ??= SoapLimits.Default)), limits);

    /// <summary>As <see cref="CreateReader(string, SoapLimits?)"/> over octets, whose encoding the XML declaration says.</summary>
    public static XmlReader CreateReader(Stream xml, SoapLimits? limits = null) =>
        new LimitedXmlReader(XmlReader.Create(xml, Settings(limits ??= SoapLimits.Default)), limits);

    /// <summary>The root element; throws <see cref="XmlException"/> or its subclass where the text is refused.</summary>
    public static XElement Load(string xml, SoapLimits? limits = null)
    {
        using var reader = CreateReader(xml, limits);
        return Load(reader);
    }

    /// <summary>As <see cref="Load(string, SoapLimits?)"/> from octets.</summary>
    public static XElement Load(Stream xml, SoapLimits? limits = null)
    {
        using var reader = CreateReader(xml, limits);
        return Load(reader);
    }

    /// <summary>As <see cref="Load(string, SoapLimits?)"/> from octets at hand, decoded strictly.</summary>
    public static XElement Load(ReadOnlyMemory<byte> xml, SoapLimits? limits = null) =>
        XmlText.TryDecode(xml.Span, null, out var text, out var fault) ? Load(text, limits) : throw new XmlRefusedException(fault);

    /// <summary>The root element, or why there is none.</summary>
    public static bool TryLoad(
        string xml, SoapLimits limits, [NotNullWhen(true)] out XElement? root, [NotNullWhen(false)] out XmlFault? fault)
    {
        (root, fault) = (null, null);
        try
        {
            root = Load(xml, limits);
            return true;
        }
        catch (XmlRefusedException refused)
        {
            fault = refused.Fault;
        }
        catch (XmlException malformed)
        {
            fault = new XmlFault(
                XmlFaultKind.Malformed,
                $"The XML is not well-formed (line {malformed.LineNumber}, position {malformed.LinePosition}).",
                malformed.LineNumber,
                malformed.LinePosition);
        }

        return false;
    }

    private static XElement Load(XmlReader reader)
    {
        reader.MoveToContent();
        var root = XElement.Load(reader, LoadOptions.PreserveWhitespace);

        // What follows the root is read too, so that a second root or stray text is a fault here as everywhere.
        while (reader.Read())
        {
        }

        return root;
    }

    // XDocument.Parse and its kin expand entities (1 s and hundreds of MB for billion laughs); these settings refuse the DTD itself.
    private static XmlReaderSettings Settings(SoapLimits limits) => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = limits.MaxCharacters,
        MaxCharactersFromEntities = 1,
        IgnoreComments = true,
        CheckCharacters = true,
        CloseInput = true,
    };
}
