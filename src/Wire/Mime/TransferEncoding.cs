namespace Relay.Wire.Mime;

/// <summary>How a body is made fit for transport (RFC 2045 §6.1).</summary>
public enum TransferEncoding
{
    /// <summary>Short lines of ASCII; also what an absent field means.</summary>
    SevenBit,

    /// <summary>Short lines of any octets.</summary>
    EightBit,

    /// <summary>Any octets.</summary>
    Binary,

    /// <summary>Mostly text, octets as <c>=XX</c>.</summary>
    QuotedPrintable,

    /// <summary>Six bits a character.</summary>
    Base64,

    /// <summary>A name nobody registered; read as it stands.</summary>
    Unknown,
}
