using System.Net.Sockets;
using System.Text;

namespace Relay.TestKit.Mail;

/// <summary>The sending side of SMTP by hand, command by command, sharing no code with the product: for tests of servers.</summary>
public sealed class SmtpDialogue : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly WireLineReader _reader;

    private SmtpDialogue(TcpClient client)
    {
        _client = client;
        _reader = new WireLineReader(client.GetStream());
    }

    /// <summary>Bounds every wait for a reply.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Connects, takes the greeting and says EHLO.</summary>
    /// <param name="port">On this machine.</param>
    /// <param name="opening">Octets that go before the greeting, such as a PROXY header.</param>
    public static async Task<SmtpDialogue> ConnectAsync(int port, string opening = "")
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(opening));
        var dialogue = new SmtpDialogue(client);
        await dialogue.ReplyAsync();
        await dialogue.CommandAsync("EHLO client.test");
        return dialogue;
    }

    /// <summary>Hands one mail over on a connection of its own: the reply to the final dot, or the first refusal.</summary>
    public static async Task<string> SendAsync(int port, string from, string to, string content)
    {
        await using SmtpDialogue dialogue = await ConnectAsync(port);
        return await dialogue.SendAsync(from, to, content);
    }

    /// <summary>MAIL, RCPT and DATA: the reply to the final dot, or the first refusal.</summary>
    /// <param name="content">Header and body, dots not stuffed, octets as Latin-1 characters; bare LF becomes CRLF.</param>
    public async Task<string> SendAsync(string from, string to, string content)
    {
        foreach ((string command, char agreed) in new[] { ($"MAIL FROM:<{from}>", '2'), ($"RCPT TO:<{to}>", '2'), ("DATA", '3') })
        {
            string reply = await CommandAsync(command);
            if (reply[0] != agreed)
            {
                return reply;
            }
        }

        string stuffed = ("\n" + content.Replace("\r\n", "\n")).Replace("\n.", "\n..")[1..].TrimEnd('\n').Replace("\n", "\r\n");
        return await CommandAsync(stuffed + "\r\n.");
    }

    /// <summary>Sends a line and reads the reply to it, lines joined by '\n'.</summary>
    public async Task<string> CommandAsync(string line)
    {
        await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
        return await ReplyAsync();
    }

    public async Task<string> ReplyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var reply = new StringBuilder();
        while (true)
        {
            byte[] octets = await _reader.LineAsync(patience.Token) ?? throw new IOException($"The server closed the connection after: {reply}");
            string line = Encoding.UTF8.GetString(octets.AsSpan(0, octets.Length - 2));
            reply.Append(reply.Length > 0 ? "\n" : "").Append(line);
            if (line.Length < 4 || line[3] != '-')
            {
                return reply.ToString();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
