using System.Buffers;
using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>Replies to octets (RFC 5321 §4.2.1).</summary>
public static class SmtpReplyWriter
{
    /// <summary>RFC 5321 §4.5.3.1.5: a reply line with code and CRLF, in octets. What is longer is cut.</summary>
    public const int MaxLine = 512;

    /// <summary>
    /// Writes every line of the reply with its code, and the status on each of them (RFC 2034 §4). Whatever is not printable ASCII
    /// leaves as <c>?</c>: a text that quotes the peer must not be able to end the line.
    /// </summary>
    public static void Write(SmtpReply reply, IBufferWriter<byte> output)
    {
        Span<byte> line = stackalloc byte[MaxLine];
        Span<byte> status = stackalloc byte[12];
        var statusLength = reply.Status is { } s ? Encoding.ASCII.GetBytes(s.ToString(), status) : 0;
        var rest = reply.Text.AsSpan();
        while (true)
        {
            var end = rest.IndexOf('\n');
            var text = end < 0 ? rest : rest[..end];
            var length = Head(line, reply.Code, last: end < 0, status[..statusLength]);
            length += Printable(text, line[length..(MaxLine - 2)]);
            line[length++] = (byte)'\r';
            line[length++] = (byte)'\n';
            output.Write(line[..length]);
            if (end < 0)
            {
                return;
            }

            rest = rest[(end + 1)..];
        }
    }

    private static int Head(Span<byte> line, int code, bool last, ReadOnlySpan<byte> status)
    {
        line[0] = (byte)('0' + (code / 100));
        line[1] = (byte)('0' + (code / 10 % 10));
        line[2] = (byte)('0' + (code % 10));
        line[3] = last ? (byte)' ' : (byte)'-';
        if (status.IsEmpty)
        {
            return 4;
        }

        status.CopyTo(line[4..]);
        line[4 + status.Length] = (byte)' ';
        return 5 + status.Length;
    }

    private static int Printable(ReadOnlySpan<char> text, Span<byte> target)
    {
        var length = Math.Min(text.Length, target.Length);
        for (var i = 0; i < length; i++)
        {
            target[i] = text[i] is >= ' ' and <= '~' ? (byte)text[i] : (byte)'?';
        }

        return length;
    }
}
