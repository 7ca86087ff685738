using System.Xml;
using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>The shapes of a fault in the two versions.</summary>
internal static class SoapFaultWriter
{
    /// <summary>SOAP 1.1 §4.4: unqualified children; the code in the envelope's namespace unless a finer one is given.</summary>
    public static void Write11(XmlWriter writer, SoapFault fault)
    {
        var soap = SoapNames.Soap11.NamespaceName;
        writer.WriteStartElement("Fault", soap);
        writer.WriteStartElement("faultcode");
        var finest = fault.Subsubcode ?? fault.Subcode;
        WriteQualifiedName(writer, finest?.LocalName ?? fault.Code.ToString(), finest?.NamespaceName ?? soap);
        writer.WriteEndElement();
        writer.WriteStartElement("faultstring");
        writer.WriteAttributeString("xml", "lang", null, "en");
        writer.WriteString(fault.Reason);
        writer.WriteEndElement();
        if (fault.Node is not null)
        {
            writer.WriteElementString("faultactor", fault.Node);
        }

        if (fault.Detail is not null)
        {
            writer.WriteStartElement("detail");
            WriteChildren(writer, fault.Detail);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    /// <summary>SOAP 1.2 Part 1 §5.4: qualified children, the reason with its language.</summary>
    public static void Write12(XmlWriter writer, SoapFault fault)
    {
        var soap = SoapNames.Soap12.NamespaceName;
        writer.WriteStartElement("Fault", soap);
        writer.WriteStartElement("Code", soap);
        WriteValue(writer, Name12(fault.Code), soap, soap);
        if (fault.Subcode is { } subcode)
        {
            writer.WriteStartElement("Subcode", soap);
            WriteValue(writer, subcode.LocalName, subcode.NamespaceName, soap);
            if (fault.Subsubcode is { } subsubcode)
            {
                writer.WriteStartElement("Subcode", soap);
                WriteValue(writer, subsubcode.LocalName, subsubcode.NamespaceName, soap);
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteStartElement("Reason", soap);
        writer.WriteStartElement("Text", soap);
        writer.WriteAttributeString("xml", "lang", null, "en");
        writer.WriteString(fault.Reason);
        writer.WriteEndElement();
        writer.WriteEndElement();
        if (fault.Node is not null)
        {
            writer.WriteElementString("Node", soap, fault.Node);
        }

        if (fault.Detail is not null)
        {
            writer.WriteStartElement("Detail", soap);
            WriteChildren(writer, fault.Detail);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static string Name12(SoapFaultCode code) => code switch
    {
        SoapFaultCode.Client => "Sender",
        SoapFaultCode.Server => "Receiver",
        _ => code.ToString(),
    };

    private static void WriteChildren(XmlWriter writer, XElement detail)
    {
        foreach (var child in detail.Nodes())
        {
            child.WriteTo(writer);
        }
    }

    private static void WriteValue(XmlWriter writer, string name, string ns, string soap)
    {
        writer.WriteStartElement("Value", soap);
        WriteQualifiedName(writer, name, ns);
        writer.WriteEndElement();
    }

    // A qualified name in text needs its prefix declared; the writer declares only what names elements and attributes.
    private static void WriteQualifiedName(XmlWriter writer, string name, string ns)
    {
        if (ns.Length > 0 && writer.LookupPrefix(ns) is null)
        {
            writer.WriteAttributeString("xmlns", "code", null, ns);
        }

        writer.WriteString(ns.Length == 0 ? name : writer.LookupPrefix(ns) + ":" + name);
    }
}
