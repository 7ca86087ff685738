using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>Writes SOAP messages: UTF-8 without a byte order mark, with an XML declaration.</summary>
public static class SoapWriter
{
    // Without Entitize a CR in text comes back as LF, and without fixed line ends the platform's would go into mail.
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.Entitize,
        NewLineChars = "\r\n",
        Indent = false,
    };

    /// <summary>Writes a message around one body element.</summary>
    public static byte[] Write(SoapVersion version, IReadOnlyList<XElement> headers, XElement body) =>
        Write(version, headers, body.WriteTo);

    /// <summary>Writes a message whose body's content the caller writes.</summary>
    public static byte[] Write(SoapVersion version, IReadOnlyList<XElement> headers, Action<XmlWriter> body)
    {
        var soap = SoapNames.Envelope(version).NamespaceName;
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, Settings))
        {
            writer.WriteStartDocument();
            writer.WriteStartElement("soap", "Envelope", soap);
            if (headers.Count > 0)
            {
                writer.WriteStartElement("Header", soap);
                foreach (var block in headers)
                {
                    block.WriteTo(writer);
                }

                writer.WriteEndElement();
            }

            writer.WriteStartElement("Body", soap);
            body(writer);
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        return stream.ToArray();
    }

    /// <summary>Writes a fault; its own header blocks follow the given ones.</summary>
    public static byte[] WriteFault(SoapVersion version, IReadOnlyList<XElement> headers, SoapFault fault) => Write(
        version,
        [.. headers, .. fault.HeaderBlocks],
        version == SoapVersion.Soap12 ? writer => SoapFaultWriter.Write12(writer, fault) : writer => SoapFaultWriter.Write11(writer, fault));
}
