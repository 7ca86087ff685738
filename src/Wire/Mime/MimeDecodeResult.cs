namespace Relay.Wire.Mime;

/// <summary>What undoing a transfer encoding came to.</summary>
public abstract record MimeDecodeResult
{
    /// <summary>The octets: for 7bit, 8bit and binary a slice of the mail itself, else an array of their own.</summary>
    public sealed record Decoded(ReadOnlyMemory<byte> Octets) : MimeDecodeResult;

    /// <summary>The body is not what its encoding says, or too large.</summary>
    public sealed record Refused(MimeFault Fault) : MimeDecodeResult;
}
