using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>A fault before it is written in one of the versions.</summary>
/// <param name="Code">Whose fault.</param>
/// <param name="Reason">English, one sentence for people.</param>
public sealed record SoapFault(SoapFaultCode Code, string Reason)
{
    /// <summary>A finer code: a Subcode in SOAP 1.2; SOAP 1.1 uses it as the faultcode itself.</summary>
    public XName? Subcode { get; init; }

    /// <summary>A code finer still, of SOAP 1.2; SOAP 1.1 uses the finest there is.</summary>
    public XName? Subsubcode { get; init; }

    /// <summary>The URI of who made the fault, or null.</summary>
    public string? Node { get; init; }

    /// <summary>The detail element, whose children are written under the name that the version gives it; only about the body (SOAP 1.1 §4.4).</summary>
    public XElement? Detail { get; init; }

    /// <summary>Header blocks that belong to the fault: Upgrade, NotUnderstood, FaultDetail.</summary>
    public IReadOnlyList<XElement> HeaderBlocks { get; init; } = [];
}
