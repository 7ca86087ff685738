using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>What reading a SOAP message came to.</summary>
public abstract record SoapReadResult
{
    /// <summary>A message that may be processed.</summary>
    public sealed record Read(SoapEnvelope Envelope) : SoapReadResult;

    /// <summary>No message; the fault is to be sent in the version given.</summary>
    /// <param name="Fault">What to say.</param>
    /// <param name="Version">The request's version where it has one, else SOAP 1.1.</param>
    /// <param name="Envelope">The message where it could be read that far, for its addressing headers.</param>
    public sealed record Faulted(SoapFault Fault, SoapVersion Version, SoapEnvelope? Envelope = null) : SoapReadResult;

    /// <summary>Well-formed XML whose root is no envelope: a bare payload.</summary>
    public sealed record NotSoap(XElement Payload, string Xml) : SoapReadResult;
}
