using System.Buffers;
using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>
/// Octets of other protocols. A browser can be made to send what its page likes to any port, and what it sends as the body of a request could be
/// commands: so nothing behind a request's first line is read.
/// </summary>
public static class ForeignProtocol
{
    // HTTP's, and the word that HTTP/2 begins with. None of them is a command of SMTP.
    private static readonly string[] Methods = ["GET", "POST", "PUT", "HEAD", "OPTIONS", "PATCH", "DELETE", "CONNECT", "TRACE", "PRI"];

    private static readonly SearchValues<byte> NameOctets =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"u8);

    /// <summary>Whether a line that names no command is a request line, or a header field <c>Name: value</c>.</summary>
    /// <param name="line">The line without its CRLF.</param>
    public static bool IsLine(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAnyExcept(NameOctets);
        var name = end < 0 ? line : line[..end];
        return !name.IsEmpty && ((end >= 0 && line[end] == ':') || IsMethod(name));
    }

    /// <summary>Whether the octets begin a TLS handshake: they hold no line, and the client waits for an answer.</summary>
    public static bool IsHandshake(ReadOnlySequence<byte> octets)
    {
        var reader = new SequenceReader<byte>(octets);
        return reader.IsNext([0x16, 0x03]);
    }

    private static bool IsMethod(ReadOnlySpan<byte> word)
    {
        foreach (var method in Methods)
        {
            if (Ascii.EqualsIgnoreCase(word, method))
            {
                return true;
            }
        }

        return false;
    }
}
