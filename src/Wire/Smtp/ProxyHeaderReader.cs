using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>
/// What a proxy puts in front of a connection to tell whose it is: the PROXY protocol of HAProxy, versions 1 (a line of text) and
/// 2 (binary). Postfix, nginx and load balancers send it.
/// </summary>
public static class ProxyHeaderReader
{
    private const int MaxText = 107;
    private const int BinaryHead = 16;

    // Room for addresses and some TLVs; nobody sends 64 KiB of them.
    private const int MaxBinary = 2048;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Takes the header off the front of the buffer.</summary>
    /// <param name="buffer">Advanced past the header when there is one, otherwise left as it is.</param>
    /// <param name="client">Who connected to the proxy; null where it does not say (LOCAL, UNKNOWN).</param>
    public static SmtpReadStatus TryRead(ref ReadOnlySequence<byte> buffer, out IPAddress? client)
    {
        client = null;
        Span<byte> head = stackalloc byte[(int)Math.Min(buffer.Length, MaxBinary)];
        buffer.Slice(0, head.Length).CopyTo(head);
        if (head.IsEmpty)
        {
            return SmtpReadStatus.Incomplete;
        }

        var (status, length) = head[0] == Signature[0] ? ReadBinary(head, out client) : ReadText(head, out client);
        buffer = status == SmtpReadStatus.Done ? buffer.Slice(length) : buffer;
        return status;
    }

    private static (SmtpReadStatus Status, int Length) ReadText(ReadOnlySpan<byte> head, out IPAddress? client)
    {
        client = null;
        var end = head.IndexOf("\r\n"u8);
        if (end < 0)
        {
            var isPossible = head.Length <= MaxText && "PROXY "u8.StartsWith(head[..Math.Min(head.Length, 6)]);
            return (isPossible ? SmtpReadStatus.Incomplete : SmtpReadStatus.Malformed, 0);
        }

        var words = Encoding.Latin1.GetString(head[..end]).Split(' ');
        if (words[0] != "PROXY" || end > MaxText)
        {
            return (SmtpReadStatus.Malformed, 0);
        }

        var family = words.Length < 2 ? "" : words[1];
        var isKnown = words.Length == 6 && IPAddress.TryParse(words[2], out client)
            && ((family == "TCP4" && client.AddressFamily == AddressFamily.InterNetwork)
                || (family == "TCP6" && client.AddressFamily == AddressFamily.InterNetworkV6));
        client = isKnown ? client : null;
        return (isKnown || family == "UNKNOWN" ? SmtpReadStatus.Done : SmtpReadStatus.Malformed, end + 2);
    }

    private static (SmtpReadStatus Status, int Length) ReadBinary(ReadOnlySpan<byte> head, out IPAddress? client)
    {
        client = null;
        var known = Math.Min(head.Length, Signature.Length);
        if (!head[..known].SequenceEqual(Signature[..known]))
        {
            return (SmtpReadStatus.Malformed, 0);
        }

        if (head.Length < BinaryHead)
        {
            return (SmtpReadStatus.Incomplete, 0);
        }

        // Version 2 in the upper half, LOCAL (0) or PROXY (1) in the lower; then the family, TCP being 1 in its lower half.
        var length = BinaryHead + BinaryPrimitives.ReadUInt16BigEndian(head[14..]);
        if (head[12] is not (0x20 or 0x21) || length > MaxBinary)
        {
            return (SmtpReadStatus.Malformed, 0);
        }

        if (head.Length < length)
        {
            return (SmtpReadStatus.Incomplete, 0);
        }

        var addresses = head[BinaryHead..length];
        client = (head[12], head[13], addresses.Length) switch
        {
            (0x21, 0x11, >= 12) => new IPAddress(addresses[..4]),
            (0x21, 0x21, >= 36) => new IPAddress(addresses[..16]),
            _ => null,
        };
        return (SmtpReadStatus.Done, length);
    }
}
