namespace Relay.Wire.Soap;

/// <summary>A part that travels with an envelope in multipart/related.</summary>
/// <param name="ContentId">Unique in the mail, without brackets, as <c>1@gateway.example</c>.</param>
/// <param name="MediaType">Type and parameters as they are to be written.</param>
/// <param name="Octets">The content.</param>
public sealed record SoapAttachment(string ContentId, string MediaType, ReadOnlyMemory<byte> Octets)
{
    /// <summary>The content is 7bit data and is written as it stands, as message/rfc822 must be (RFC 2046 §5.2.1); else in base64.</summary>
    public bool IsSevenBit { get; init; }
}
