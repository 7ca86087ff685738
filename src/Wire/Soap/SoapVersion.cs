namespace Relay.Wire.Soap;

/// <summary>The two versions of SOAP; an envelope's namespace says which it is.</summary>
public enum SoapVersion
{
    /// <summary>SOAP 1.1, text/xml.</summary>
    Soap11,

    /// <summary>SOAP 1.2, application/soap+xml.</summary>
    Soap12,
}
