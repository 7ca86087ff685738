using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>The dialogue of one session in the notation of RFC 5321 §D, without content and without secrets.</summary>
internal sealed class SessionTrace(TraceSwitch networks, ILogger log, string session)
{
    private const string Blotted = "***";

    /// <summary>Set once it is known, also behind a proxy.</summary>
    public IPAddress Client { get; set; } = IPAddress.None;

    public void Command(ReadOnlySequence<byte> line)
    {
        if (networks.Covers(Client))
        {
            ServerLog.TracedClient(log, session, Shown(line.IsSingleSegment ? line.FirstSpan : line.ToArray()));
        }
    }

    public void Secret() => Note(Blotted);

    public void Content(long octets) => Note($"({octets} octets)");

    public void Reply(SmtpReply reply)
    {
        if (networks.Covers(Client))
        {
            // A challenge may hold what a secret can be guessed from.
            ServerLog.TracedServer(log, session, reply.Code == 334 ? $"334 {Blotted}" : reply.ToString());
        }
    }

    private void Note(string text)
    {
        if (networks.Covers(Client))
        {
            ServerLog.TracedClient(log, session, text);
        }
    }

    private static string Shown(ReadOnlySpan<byte> line)
    {
        const int length = 4;
        if (line.Length >= length && SmtpCommandReader.VerbOf(line[..length]) == SmtpVerb.Auth)
        {
            return $"AUTH{ShownMechanism(line[length..])}";
        }

        // A line that names no command may be an answer to an AUTH that was refused, sent before its client knew.
        var end = line.IndexOfAny(" \t"u8);
        return SmtpCommandReader.VerbOf(end < 0 ? line : line[..end]) == SmtpVerb.None ? Blotted : Printable(Encoding.UTF8.GetString(line));
    }

    // An initial response is as good as a password, and so may be anything that is no mechanism.
    private static string ShownMechanism(ReadOnlySpan<byte> arguments)
    {
        var rest = arguments.TrimStart(" \t"u8);
        var end = rest.IndexOfAny(" \t"u8);
        var word = Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]).ToUpperInvariant();
        var isMechanism = rest.Length < arguments.Length && AuthCommand.Mechanisms.Contains(word, StringComparer.Ordinal);
        return (isMechanism ? $" {word}" : "") + ((isMechanism && end < 0) || rest.IsEmpty ? "" : $" {Blotted}");
    }

    // A log line is one line, whatever the client sends.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
