using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Wire.Mime;

/// <summary>
/// A mail as a pipe gives it: lines that may end in LF alone, perhaps mbox's From_ line before the header.
/// </summary>
/// <param name="Content">The mail, each line ended by CRLF.</param>
/// <param name="EnvelopeSender">As the From_ line names it; null without one.</param>
public sealed record LocalMail(ReadOnlyMemory<byte> Content, string? EnvelopeSender)
{
    private const byte CR = (byte)'\r';
    private const byte LF = (byte)'\n';

    private HeaderFields? _fields;

    /// <summary>The header's fields; of a header that cannot be read, those before the fault.</summary>
    public HeaderFields Fields => _fields ??= MimeReader.ReadHeader(HeaderOf(Content.Span), MimeLimits.Default).Headers;

    /// <summary>Null when the octets do not begin like a mail: with a header field.</summary>
    public static LocalMail? Read(ReadOnlySpan<byte> octets)
    {
        string? sender = null;
        if (octets.StartsWith("From "u8) || octets.StartsWith(">From "u8))
        {
            int end = octets.IndexOf(LF);
            sender = Encoding.Latin1.GetString(octets[..(end < 0 ? octets.Length : end)]).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var named, ..]
                ? named.Trim()
                : null;
            octets = end < 0 ? [] : octets[(end + 1)..];
        }

        return BeginsWithField(octets) ? new LocalMail(WithCrlf(octets), sender) : null;
    }

    /// <summary>
    /// Who the mail says it is from in the envelope: Return-Path, which the last server writes (RFC 5321 §4.4), else the From_ line, else the
    /// author. Null is the null reverse-path.
    /// </summary>
    public string? ReversePath() =>
        Fields.Text("Return-Path") is { } returnPath ? Path(returnPath)
        : EnvelopeSender is { } sender ? Path(sender)
        : AddressList.Parse(Fields.Text("From")) is [var author, ..] ? author.Address.ToString()
        : null;

    /// <summary>A reverse-path as people and mail servers write it; null for the null one, also under the name that Postfix gives it in a pipe.</summary>
    public static string? Path(string text)
    {
        string address = text.Trim().TrimStart('<').TrimEnd('>').Trim();
        return MailAddress.TryParse(address, out var parsed) && !IsNobody(parsed.LocalPart) ? parsed.ToString() : null;
    }

    /// <summary>Whether a text names an address or the null reverse-path at all.</summary>
    public static bool IsPath(string text) =>
        text.Trim() is "" or "<>" || IsNobody(text.Trim()) || MailAddress.TryParse(text.Trim().TrimStart('<').TrimEnd('>').Trim(), out _);

    private static bool IsNobody(string localPart) => localPart.Equals("MAILER-DAEMON", StringComparison.OrdinalIgnoreCase);

    // RFC 5322 §2.2: a field name is printable ASCII without a colon; blanks before the colon are of older times.
    private static bool BeginsWithField(ReadOnlySpan<byte> octets)
    {
        int colon = octets.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        return octets[..colon].TrimEnd(" \t"u8) is { Length: > 0 } name && name.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
    }

    // A pipe delivers the lines of the system that fills it. RFC 5321 §2.3.8 speaks of the wire, where a bare LF is a fault.
    private static byte[] WithCrlf(ReadOnlySpan<byte> octets)
    {
        using var mail = new MemoryStream(octets.Length + (octets.Length / 32) + 2);
        while (octets.Length > 0)
        {
            int end = octets.IndexOf(LF);
            var line = end < 0 ? octets : octets[..end];
            mail.Write(line.Length > 0 && line[^1] == CR ? line[..^1] : line);
            mail.Write("\r\n"u8);
            octets = end < 0 ? [] : octets[(end + 1)..];
        }

        return mail.ToArray();
    }

    private static ReadOnlySpan<byte> HeaderOf(ReadOnlySpan<byte> mail)
    {
        int end = mail.IndexOf("\r\n\r\n"u8);
        return end < 0 ? mail : mail[..(end + 4)];
    }
}
