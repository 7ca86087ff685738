using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>The faults that SOAP itself defines.</summary>
public static class SoapFaults
{
    private const int MaxReason = 300;

    /// <summary>A namespace we do not know; says which we do (SOAP 1.2 Part 1 §5.4.7).</summary>
    // The Upgrade block is in the namespace of SOAP 1.2 even in a 1.1 fault; the example in circulation has it otherwise.
    public static SoapFault VersionMismatch() => new(
        SoapFaultCode.VersionMismatch, "The envelope is in a namespace that is neither SOAP 1.1 nor SOAP 1.2.")
    {
        HeaderBlocks =
        [
            new XElement(
                SoapNames.Soap12 + "Upgrade",
                new XAttribute(XNamespace.Xmlns + "env", SoapNames.Soap12.NamespaceName),
                SupportedEnvelope(SoapNames.Soap12),
                SupportedEnvelope(SoapNames.Soap11)),
        ],
    };

    /// <summary>Header blocks that must be understood and are not; in SOAP 1.2 each is named (SOAP 1.2 Part 1 §5.4.8).</summary>
    public static SoapFault MustUnderstand(SoapVersion version, IReadOnlyList<XName> blocks) => new(
        SoapFaultCode.MustUnderstand, Shorten($"The header block {blocks[0].LocalName} must be understood and is not."))
    {
        HeaderBlocks = version == SoapVersion.Soap11 ? [] : [.. blocks.Select(NotUnderstood)],
    };

    /// <summary>XML that is refused.</summary>
    public static SoapFault Refused(XmlFault fault) => new(SoapFaultCode.Client, Shorten(fault.Sentence));

    /// <summary>A fault that the sender can mend.</summary>
    public static SoapFault Client(string reason) => new(SoapFaultCode.Client, Shorten(reason));

    /// <summary>A fault that we must mend.</summary>
    public static SoapFault Server(string reason) => new(SoapFaultCode.Server, Shorten(reason));

    private static XElement SupportedEnvelope(XNamespace supported) => new(
        SoapNames.Soap12 + "SupportedEnvelope",
        new XAttribute(XNamespace.Xmlns + "ns", supported.NamespaceName),
        new XAttribute("qname", "ns:Envelope"));

    private static XElement NotUnderstood(XName block) => block.Namespace == XNamespace.None
        ? new XElement(SoapNames.Soap12 + "NotUnderstood", new XAttribute("qname", block.LocalName))
        : new XElement(
            SoapNames.Soap12 + "NotUnderstood",
            new XAttribute(XNamespace.Xmlns + "nu", block.NamespaceName),
            new XAttribute("qname", "nu:" + block.LocalName));

    private static string Shorten(string reason) => reason.Length <= MaxReason ? reason : reason[..MaxReason];
}
