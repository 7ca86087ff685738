namespace Relay.TestKit.Mail;

/// <summary>What a sender must not do although a server may be kind to it.</summary>
internal sealed class SenderChecks(RecordingMailServer server, RecordingMailServerOptions options)
{
    private const int LongestCommand = 512;
    private const int LongestTextLine = 1_000;

    /// <param name="command">Without its CRLF.</param>
    /// <param name="octets">With it.</param>
    /// <param name="isFollowed">Something has come behind it already.</param>
    internal void Command(string command, int octets, bool isFollowed)
    {
        if (octets > LongestCommand && !command.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase))
        {
            server.Complain($"A command of {octets} octets (RFC 5321 §4.5.3.1.4).");
        }

        if (command.AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            server.Complain("A bare CR or LF in a command (RFC 5321 §2.3.8).");
        }

        if (isFollowed && !options.Extensions.Contains("PIPELINING"))
        {
            server.Complain($"Pipelined after \"{command}\", which was not offered (RFC 2920 §3.1).");
        }
    }

    /// <param name="line">Of the content, unstuffed, with its CRLF.</param>
    /// <param name="mailParameters">What MAIL announced.</param>
    internal void TextLine(ReadOnlySpan<byte> line, string mailParameters)
    {
        if (line.Length > LongestTextLine)
        {
            server.Complain($"A text line of {line.Length} octets (RFC 5321 §4.5.3.1.6).");
        }

        if (line[..^2].IndexOfAny((byte)'\r', (byte)'\n') >= 0)
        {
            server.Complain("A bare CR or LF in the content (RFC 5321 §2.3.8).");
        }

        bool isAnnounced = mailParameters.Contains("BODY=8BITMIME", StringComparison.OrdinalIgnoreCase);
        if (!isAnnounced && line.IndexOfAnyExceptInRange((byte)1, (byte)127) >= 0)
        {
            server.Complain("An octet outside 1..127 in the content, not announced by BODY=8BITMIME (RFC 6152 §3).");
        }
    }

    internal void Chunk(byte[] content)
    {
        for (int at = 0; at < content.Length; at++)
        {
            if ((content[at] == '\n') != (at > 0 && content[at - 1] == '\r'))
            {
                server.Complain("A bare CR or LF in a chunk (RFC 3030 §2, without BINARYMIME).");
                return;
            }
        }
    }

    internal void OutOfOrder(string what) => server.Complain($"{what} came out of order (RFC 5321 §4.1.4).");

    internal void BehindStartTls() => server.Complain("Something was sent behind STARTTLS before its reply (RFC 3207 §4).");
}
