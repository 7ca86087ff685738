using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>A SOAP message as read.</summary>
/// <param name="Version">What its namespace says.</param>
/// <param name="Headers">The header blocks in order.</param>
/// <param name="Body">The first child of the body, which names the operation; null when the body is empty.</param>
/// <param name="Xml">The whole message as decoded text, for validation with line numbers.</param>
public sealed record SoapEnvelope(SoapVersion Version, IReadOnlyList<XElement> Headers, XElement? Body, string Xml)
{
    private WsAddressing? _addressing;

    /// <summary>The addressing headers; all empty when there are none.</summary>
    public WsAddressing Addressing => _addressing ??= WsAddressing.Read(Headers);

    /// <summary>Whether the body is a fault, which is never answered.</summary>
    public bool IsFault => Body?.Name == SoapNames.Envelope(Version) + "Fault";
}
