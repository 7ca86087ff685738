namespace Relay.Wire.Soap;

/// <summary>The two envelopes that are read and written; told apart by namespace, whatever the media type says.</summary>
public enum SoapVersion
{
    /// <summary>http://schemas.xmlsoap.org/soap/envelope/</summary>
    Soap11,

    /// <summary>http://www.w3.org/2003/05/soap-envelope</summary>
    Soap12,
}
