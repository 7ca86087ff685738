using System.Buffers;

namespace Relay.Wire.Smtp;

/// <summary>Cuts command lines off the front of what has arrived.</summary>
public static class SmtpLine
{
    /// <summary>Takes one line that ends in CRLF (RFC 5321 §2.3.8).</summary>
    /// <param name="buffer">Advanced past the line and its CRLF, when there is one.</param>
    /// <param name="line">The line without its CRLF.</param>
    /// <returns><see cref="SmtpReadStatus.Malformed"/> when a LF comes without its CR; nothing is consumed then.</returns>
    public static SmtpReadStatus TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> found, (byte)'\n'))
        {
            return SmtpReadStatus.Incomplete;
        }

        if (found.IsEmpty || found.Slice(found.Length - 1).FirstSpan[0] != '\r')
        {
            return SmtpReadStatus.Malformed;
        }

        line = found.Slice(0, found.Length - 1);
        buffer = buffer.Slice(reader.Position);
        return SmtpReadStatus.Done;
    }
}
