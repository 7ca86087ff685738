using System.Buffers;

namespace Relay.Wire.Smtp;

/// <summary>Mail content to what stands between 354 and its reply: dots stuffed, the final dot added (RFC 5321 §4.5.2).</summary>
public static class DataWriter
{
    /// <summary>
    /// Writes the whole content. A CR or LF that stands alone leaves as CRLF (RFC 5321 §2.3.8: a client must not send one), and
    /// so can no text make the next server see an end of data.
    /// </summary>
    public static void Write(ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        var rest = content;
        while (!rest.IsEmpty)
        {
            if (rest[0] == '.')
            {
                output.Write("."u8);
            }

            var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
            var isWhole = end >= 0 && rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n';
            if (isWhole)
            {
                output.Write(rest[..(end + 2)]);
                rest = rest[(end + 2)..];
                continue;
            }

            output.Write(end < 0 ? rest : rest[..end]);
            // RFC 5321 §4.1.1.4: where the content does not end in CRLF, one is added, and the dot follows it.
            output.Write("\r\n"u8);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        output.Write(".\r\n"u8);
    }
}
