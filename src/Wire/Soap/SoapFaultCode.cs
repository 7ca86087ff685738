namespace Relay.Wire.Soap;

/// <summary>Whose fault it is. Written by SOAP 1.1's names, or 1.2's: Sender for Client, Receiver for Server.</summary>
public enum SoapFaultCode
{
    /// <summary>The envelope's namespace is none that we know.</summary>
    VersionMismatch,

    /// <summary>A header block must be understood and is not.</summary>
    MustUnderstand,

    /// <summary>The sender can mend it; the same message again will fail again.</summary>
    Client,

    /// <summary>We must mend it; the same message may succeed later.</summary>
    Server,
}
