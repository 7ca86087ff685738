namespace Relay.Wire.Soap;

/// <summary>The kinds of <see cref="XmlFault"/>.</summary>
public enum XmlFaultKind
{
    /// <summary>Not well-formed.</summary>
    Malformed,

    /// <summary>A document type declaration.</summary>
    HasDtd,

    /// <summary>A processing instruction.</summary>
    HasProcessingInstruction,

    /// <summary>One of <see cref="SoapLimits"/> is exceeded.</summary>
    TooLarge,

    /// <summary>The octets are no text in the encoding they claim, or the encoding is unknown.</summary>
    BadEncoding,
}
