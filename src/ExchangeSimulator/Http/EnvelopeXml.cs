using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>Envelopes to the octet as clients want them; ordinary and streamed ones are opposites.</summary>
internal static class EnvelopeXml
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// A response: with a declaration, without which the reference client fails, and the prefix <c>s</c>, by which exchangelib knows a
    /// response of status 500 from a page of HTML.
    /// </summary>
    public static byte[] Response(XElement body) => Write(omitDeclaration: false, Utf8, writer =>
    {
        Start(writer, "s");
        Header(writer, "s");
        writer.WriteStartElement("s", "Body", EwsNames.SoapUri);
        body.WriteTo(writer);
    });

    /// <summary>
    /// One envelope of a stream: no declaration, an Envelope without prefix around prefixed children. It is the mix that real servers
    /// send, and one client looks for the literal octets of its end tag. ASCII, since some clients read streams in their own charset.
    /// </summary>
    public static byte[] Streamed(XElement body, bool declaration) => Write(omitDeclaration: !declaration, Encoding.ASCII, writer =>
    {
        writer.WriteStartElement("", "Envelope", EwsNames.SoapUri);
        Header(writer, "soap11");
        writer.WriteStartElement("soap11", "Body", EwsNames.SoapUri);
        body.WriteTo(writer);
    });

    /// <summary>A push request, which carries the version asked for at Subscribe instead of the server's own.</summary>
    public static byte[] Push(XElement body, string requestedVersion) => Write(omitDeclaration: false, Utf8, writer =>
    {
        Start(writer, "soap11");
        writer.WriteStartElement("soap11", "Header", EwsNames.SoapUri);
        writer.WriteStartElement("t", "RequestServerVersion", EwsNames.TypesUri);
        writer.WriteAttributeString("Version", requestedVersion);
        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteStartElement("soap11", "Body", EwsNames.SoapUri);
        body.WriteTo(writer);
    });

    /// <summary>
    /// A fault: faultcode, faultstring and detail are in no namespace; the detail's children are in that of errors, MessageXml in that
    /// of types.
    /// </summary>
    public static byte[] Fault(FaultDetail fault) => Write(omitDeclaration: false, Utf8, writer =>
    {
        Start(writer, "s");
        writer.WriteStartElement("s", "Body", EwsNames.SoapUri);
        writer.WriteStartElement("s", "Fault", EwsNames.SoapUri);
        writer.WriteStartElement("faultcode");
        writer.WriteAttributeString("xmlns", "a", null, EwsNames.TypesUri);
        writer.WriteString("a:" + fault.Error.ResponseCode);
        writer.WriteEndElement();
        writer.WriteStartElement("faultstring");
        writer.WriteAttributeString("xml", "lang", null, "en-US");
        writer.WriteString(fault.Error.MessageText);
        writer.WriteEndElement();
        writer.WriteStartElement("detail");
        writer.WriteElementString("e", "ResponseCode", EwsNames.ErrorsUri, fault.Error.ResponseCode);
        writer.WriteElementString(
            "e", "Message", EwsNames.ErrorsUri, fault.Violation is null ? fault.Error.MessageText : "The request failed schema validation.");
        MessageXml(writer, fault);
    });

    private static void MessageXml(XmlWriter writer, FaultDetail fault)
    {
        if (fault.Violation is null && fault.Values.Count == 0)
        {
            return;
        }

        writer.WriteStartElement("t", "MessageXml", EwsNames.TypesUri);
        if (fault.Violation is { } violation)
        {
            writer.WriteElementString("t", "LineNumber", EwsNames.TypesUri, violation.Line.ToString(CultureInfo.InvariantCulture));
            writer.WriteElementString("t", "LinePosition", EwsNames.TypesUri, violation.Position.ToString(CultureInfo.InvariantCulture));
            writer.WriteElementString("t", "Violation", EwsNames.TypesUri, violation.Message);
        }

        foreach (var (name, value) in fault.Values)
        {
            writer.WriteStartElement("t", "Value", EwsNames.TypesUri);
            writer.WriteAttributeString("Name", name);
            writer.WriteString(value);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void Start(XmlWriter writer, string prefix) => writer.WriteStartElement(prefix, "Envelope", EwsNames.SoapUri);

    /// <summary>All four numbers are there: the reference client throws when one is missing, though the schema lets it be.</summary>
    private static void Header(XmlWriter writer, string prefix)
    {
        writer.WriteStartElement(prefix, "Header", EwsNames.SoapUri);
        writer.WriteStartElement("", "ServerVersionInfo", EwsNames.TypesUri);
        writer.WriteAttributeString("MajorVersion", "15");
        writer.WriteAttributeString("MinorVersion", "2");
        writer.WriteAttributeString("MajorBuildNumber", "2562");
        writer.WriteAttributeString("MinorBuildNumber", "17");
        writer.WriteAttributeString("Version", "V2017_07_11");
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static byte[] Write(bool omitDeclaration, Encoding encoding, Action<XmlWriter> content)
    {
        using var octets = new MemoryStream();
        using (var writer = XmlWriter.Create(octets, new XmlWriterSettings { Encoding = encoding, OmitXmlDeclaration = omitDeclaration }))
        {
            content(writer);
            writer.WriteEndDocument();
        }

        return octets.ToArray();
    }
}
