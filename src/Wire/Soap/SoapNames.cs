using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>Namespaces and role names of both versions of SOAP.</summary>
public static class SoapNames
{
    /// <summary>The namespace of SOAP 1.1 envelopes.</summary>
    public static XNamespace Soap11 { get; } = "http://schemas.xmlsoap.org/soap/envelope/";

    /// <summary>The namespace of SOAP 1.2 envelopes.</summary>
    public static XNamespace Soap12 { get; } = "http://www.w3.org/2003/05/soap-envelope";

    /// <summary>The role of whoever meets the header next, in SOAP 1.1.</summary>
    public const string NextActor11 = "http://schemas.xmlsoap.org/soap/actor/next";

    /// <summary>The role of whoever meets the header next, in SOAP 1.2.</summary>
    public const string NextRole12 = "http://www.w3.org/2003/05/soap-envelope/role/next";

    /// <summary>The role of the one the message is for, in SOAP 1.2; also what no role means.</summary>
    public const string UltimateReceiver12 = "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver";

    /// <summary>The envelope namespace of a version.</summary>
    public static XNamespace Envelope(SoapVersion version) => version == SoapVersion.Soap12 ? Soap12 : Soap11;

    /// <summary>The media type that belongs to a version (RFC 3902 §2 for 1.2).</summary>
    public static string MediaType(SoapVersion version) => version == SoapVersion.Soap12 ? "application/soap+xml" : "text/xml";
}
