using System.Buffers;
using System.Buffers.Text;

namespace Relay.Wire.Mime;

/// <summary>Base64 as mail carries it (RFC 2045 §6.8).</summary>
internal static class Base64Body
{
    private static readonly MimeDecodeResult Bad = new MimeDecodeResult.Refused(
        new MimeFault(MimeFaultKind.BadBase64, "A part that says it is base64 has other characters in it."));

    /// <summary>Accepts lines of any length, spaces anywhere and missing padding; anything else that is not base64 is refused.</summary>
    // Departs from RFC 2045 §6.8, which has a reader ignore what is not base64: readers that ignore and readers that stop would
    // see different envelopes in one mail (RFC 7103 §8.2).
    public static MimeDecodeResult Decode(ReadOnlySpan<byte> encoded, MimeLimits limits)
    {
        encoded = encoded.Trim(" \t\r\n"u8);
        if (Base64.GetMaxDecodedFromUtf8Length(encoded.Length) > limits.MaxDecodedBytes + encoded.Length / 32 + 4)
        {
            return TransferEncodings.TooLarge;
        }

        var rented = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(encoded.Length) + 3);
        try
        {
            var length = Decode(encoded, rented);
            return length < 0 ? Bad
                : length > limits.MaxDecodedBytes ? TransferEncodings.TooLarge
                : new MimeDecodeResult.Decoded(rented.AsSpan(0, length).ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Decode(ReadOnlySpan<byte> encoded, Span<byte> decoded)
    {
        switch (Base64.DecodeFromUtf8(encoded, decoded, out var consumed, out var written, isFinalBlock: true))
        {
            case OperationStatus.Done:
                return written;
            case OperationStatus.InvalidData or OperationStatus.NeedMoreData:
                return DecodeTail(encoded[consumed..], decoded[written..]) is var tail and >= 0 ? written + tail : -1;
            default:
                return -1;
        }
    }

    /// <summary>The last group where padding is missing; -1 when the rest is something else.</summary>
    private static int DecodeTail(ReadOnlySpan<byte> rest, Span<byte> decoded)
    {
        Span<byte> group = stackalloc byte[4];
        var count = 0;
        foreach (var octet in rest)
        {
            if (octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            if (count == 4)
            {
                return -1;
            }

            group[count++] = octet;
        }

        if (count is 0 or 1)
        {
            return count == 0 ? 0 : -1;
        }

        group[count..].Fill((byte)'=');

        // Base64 of two or three characters whose spare bits are not zero decodes as if they were (RFC 4648 §3.5 leaves it to the reader).
        return Base64.DecodeFromUtf8(group, decoded, out _, out var written) == OperationStatus.Done ? written : -1;
    }
}
