using System.Xml.Linq;
using Relay.Wire.Soap;

namespace Relay.Client.Mail;

/// <summary>Reads the fault in an answer's body.</summary>
internal static class FaultReader
{
    public static SoapFault Read(SoapVersion version, XElement fault) => version == SoapVersion.Soap12
        ? Read12(fault, fault.Name.Namespace)
        : new SoapFault(Code(fault.Element("faultcode")?.Value), fault.Element("faultstring")?.Value.Trim() ?? "")
        {
            Detail = fault.Element("detail"),
        };

    private static SoapFault Read12(XElement fault, XNamespace soap) =>
        new(Code(fault.Element(soap + "Code")?.Element(soap + "Value")?.Value),
            fault.Element(soap + "Reason")?.Element(soap + "Text")?.Value.Trim() ?? "")
        {
            Detail = fault.Element(soap + "Detail"),
        };

    // A code is a qualified name, and SOAP 1.1 services put finer ones behind a dot or, like Exchange, names of their own.
    private static SoapFaultCode Code(string? text) => (text ?? "").Trim().Split(':')[^1].Split('.')[0] switch
    {
        "VersionMismatch" => SoapFaultCode.VersionMismatch,
        "MustUnderstand" => SoapFaultCode.MustUnderstand,
        "Server" or "Receiver" => SoapFaultCode.Server,
        _ => SoapFaultCode.Client,
    };
}
