using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>Where an answer is wanted (WS-Addressing 1.0 Core §2.1).</summary>
/// <param name="Address">An absolute URI, unchecked.</param>
/// <param name="ReferenceParameters">Elements to be sent back as header blocks.</param>
public sealed record EndpointReference(string Address, IReadOnlyList<XElement> ReferenceParameters)
{
    /// <summary>Whether answers are to be thrown away.</summary>
    public bool IsNone => Address == WsAddressing.None;

    /// <summary>Whether the answer goes where the binding would send it.</summary>
    public bool IsAnonymous => Address is WsAddressing.Anonymous or WsAddressing.Anonymous2004;
}
