using System.Buffers;

namespace Relay.Wire.Mime;

/// <summary>Quoted-printable (RFC 2045 §6.7).</summary>
internal static class QuotedPrintableBody
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("=\n"u8);

    /// <summary>Never refuses what is not quoted-printable: RFC 2045 §6.7 has the reader leave such text as it stands.</summary>
    public static MimeDecodeResult Decode(ReadOnlySpan<byte> encoded, MimeLimits limits)
    {
        if (encoded.Length > limits.MaxDecodedBytes * 3)
        {
            return TransferEncodings.TooLarge;
        }

        var rented = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            var length = Decode(encoded, rented.AsSpan());
            return length > limits.MaxDecodedBytes
                ? TransferEncodings.TooLarge
                : new MimeDecodeResult.Decoded(rented.AsSpan(0, length).ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Decodes into a span at least as long as the input; returns the octets written.</summary>
    private static int Decode(ReadOnlySpan<byte> encoded, Span<byte> decoded)
    {
        var written = 0;
        var kept = 0;
        while (!encoded.IsEmpty)
        {
            var next = encoded.IndexOfAny(Special);
            var plain = next < 0 ? encoded : encoded[..next];
            plain.CopyTo(decoded[written..]);
            written += plain.Length;
            if (next < 0)
            {
                return written;
            }

            encoded = encoded[next..];
            if (encoded[0] == (byte)'=')
            {
                encoded = Escape(encoded, decoded, ref written);
                kept = written;
            }
            else
            {
                written = LineEnd(decoded, kept, written);
                encoded = encoded[1..];
            }
        }

        return written;
    }

    // RFC 2045 §6.7, rule 3: spaces at the end of a line were added in transport, unless they came from an escape.
    private static int LineEnd(Span<byte> decoded, int kept, int written)
    {
        var hasCR = written > kept && decoded[written - 1] == (byte)'\r';
        var line = decoded[kept..(hasCR ? written - 1 : written)];
        written = kept + line.TrimEnd(" \t"u8).Length;
        if (hasCR)
        {
            decoded[written++] = (byte)'\r';
        }

        decoded[written++] = (byte)'\n';
        return written;
    }

    private static ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> encoded, Span<byte> decoded, scoped ref int written)
    {
        if (encoded.Length >= 3 && Hex(encoded[1]) is var high and >= 0 && Hex(encoded[2]) is var low and >= 0)
        {
            decoded[written++] = (byte)(high << 4 | low);
            return encoded[3..];
        }

        var rest = encoded[1..].TrimStart(" \t"u8);
        if (rest.IsEmpty || rest[0] == (byte)'\n')
        {
            return rest.IsEmpty ? rest : rest[1..];
        }

        if (rest[0] == (byte)'\r' && (rest.Length == 1 || rest[1] == (byte)'\n'))
        {
            return rest.Length == 1 ? default : rest[2..];
        }

        decoded[written++] = (byte)'=';
        return encoded[1..];
    }

    // Lower case digits are not in the rule but in the field.
    private static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => -1,
    };
}
