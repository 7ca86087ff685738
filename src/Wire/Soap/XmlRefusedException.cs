using System.Xml;

namespace Relay.Wire.Soap;

/// <summary>Thrown by the readers of <see cref="SafeXml"/> when XML breaks a limit or a rule of SOAP; a subclass, since callers of an
/// <see cref="XmlReader"/> expect <see cref="XmlException"/>.</summary>
public sealed class XmlRefusedException : XmlException
{
    internal XmlRefusedException(XmlFault fault)
        : base(fault.Sentence, null, fault.Line, fault.Position) => Fault = fault;

    /// <summary>What was refused.</summary>
    public XmlFault Fault { get; }
}
