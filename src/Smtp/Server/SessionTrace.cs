using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>The dialogue of one session in the notation of RFC 5321 §D, without content and without secrets.</summary>
internal sealed class SessionTrace(TraceSwitch networks, ILogger log, string session)
{
    /// <summary>Set once it is known, also behind a proxy.</summary>
    public IPAddress Client { get; set; } = IPAddress.None;

    public void Command(ReadOnlySequence<byte> line)
    {
        if (!networks.Covers(Client))
        {
            return;
        }

        // An initial response is as good as a password.
        var text = Encoding.UTF8.GetString(line);
        var words = text.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        var isSecret = words.Length == 3 && words[0].Equals("AUTH", StringComparison.OrdinalIgnoreCase);
        ServerLog.TracedClient(log, session, Printable(isSecret ? $"{words[0]} {words[1]} ***" : text));
    }

    public void Secret() => Note("***");

    public void Content(long octets) => Note($"({octets} octets)");

    public void Reply(SmtpReply reply)
    {
        if (networks.Covers(Client))
        {
            // A challenge may hold what a secret can be guessed from.
            ServerLog.TracedServer(log, session, reply.Code == 334 ? "334 ***" : reply.ToString());
        }
    }

    private void Note(string text)
    {
        if (networks.Covers(Client))
        {
            ServerLog.TracedClient(log, session, text);
        }
    }

    // A log line is one line, whatever the client sends.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
