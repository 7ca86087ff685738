using System.Buffers;
using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>Octets to replies, as a client sees them (RFC 5321 §4.2.1).</summary>
public static class SmtpReplyReader
{
    /// <summary>A reply with all its lines, in octets. RFC 5321 §4.5.3.1.5 asks for 512 a line; EHLO replies have some thirty lines.</summary>
    public const int MaxReply = 64 * 1024;

    /// <summary>Takes one whole reply off the front of the buffer.</summary>
    /// <param name="buffer">Advanced past the reply when one was read, otherwise left as it is.</param>
    /// <param name="reply">The reply, when the result is <see cref="SmtpReadStatus.Done"/>.</param>
    public static SmtpReadStatus TryRead(ref ReadOnlySequence<byte> buffer, out SmtpReply? reply)
    {
        reply = null;
        var reader = new SequenceReader<byte>(buffer);
        StringBuilder? text = null;
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            if (!TryLine(line, out var code, out var last, out var lineText) || reader.Consumed > MaxReply)
            {
                return SmtpReadStatus.Malformed;
            }

            if (last)
            {
                reply = Assemble(code, text, lineText);
                buffer = buffer.Slice(reader.Position);
                return SmtpReadStatus.Done;
            }

            (text ??= new StringBuilder()).Append(lineText).Append('\n');
        }

        return buffer.Length > MaxReply ? SmtpReadStatus.Malformed : SmtpReadStatus.Incomplete;
    }

    private static bool TryLine(ReadOnlySequence<byte> line, out int code, out bool last, out string text)
    {
        code = 0;
        last = true;
        text = "";
        var octets = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (octets.Length < 3 || octets[0] is < (byte)'2' or > (byte)'5' || !IsDigit(octets[1]) || !IsDigit(octets[2]))
        {
            return false;
        }

        code = ((octets[0] - '0') * 100) + ((octets[1] - '0') * 10) + (octets[2] - '0');
        if (octets.Length == 3)
        {
            // RFC 5321 §4.2: a client must take a code that stands alone.
            return true;
        }

        last = octets[3] != (byte)'-';
        text = Printable(Encoding.UTF8.GetString(octets[4..]));
        return octets[3] is (byte)' ' or (byte)'-';
    }

    // A reply is shown and logged: no control character of the server's goes with it, least of all a CR or LF that is not a line's.
    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;

    private static bool IsDigit(byte octet) => octet is >= (byte)'0' and <= (byte)'9';

    private static SmtpReply Assemble(int code, StringBuilder? lines, string lastLine)
    {
        var text = lines is null ? lastLine : lines.Append(lastLine).ToString();
        // RFC 2034 §4: the same status begins every line, and its class is the code's first digit.
        if (!EnhancedStatus.TryTake(text.Split('\n', 2)[0], out var status, out _) || status.Value.Class != code / 100)
        {
            return new SmtpReply(code, null, text);
        }

        var mark = status.Value.ToString();
        var bare = text.Split('\n').Select(line => line.StartsWith(mark, StringComparison.Ordinal) ? line[mark.Length..].TrimStart(' ') : line);
        return new SmtpReply(code, status, string.Join('\n', bare));
    }
}
