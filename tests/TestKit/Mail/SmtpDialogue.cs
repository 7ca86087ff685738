using System.Net.Sockets;
using System.Text;

namespace Relay.TestKit.Mail;

/// <summary>The sending side of SMTP by hand, command by command, sharing no code with the product: for tests of servers.</summary>
public sealed class SmtpDialogue : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly Stream _stream;
    private readonly WireLineReader _reader;

    private SmtpDialogue(TcpClient client, Stream stream)
    {
        _client = client;
        _stream = stream;
        _reader = new WireLineReader(stream);
    }

    /// <summary>Bounds every wait for a reply.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Connects, takes the greeting and says EHLO.</summary>
    public static Task<SmtpDialogue> ConnectAsync(int port) => ConnectAsync(port, new SmtpDialogueStart());

    /// <summary>The same, in another way than plain SMTP.</summary>
    public static async Task<SmtpDialogue> ConnectAsync(int port, SmtpDialogueStart start)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            Stream stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(start.Before));
            var dialogue = new SmtpDialogue(client, start.IsEncrypted ? await start.EncryptAsync(stream) : stream);
            await dialogue.ReplyAsync();
            await dialogue.CommandAsync($"{start.Hello} client.test");
            if (!start.SaysStartTls)
            {
                return dialogue;
            }

            string ready = await dialogue.CommandAsync("STARTTLS");
            dialogue = ready.StartsWith("220 ", StringComparison.Ordinal)
                ? new SmtpDialogue(client, await start.EncryptAsync(stream))
                : throw new IOException($"No TLS: {ready}");
            await dialogue.CommandAsync($"{start.Hello} client.test");
            return dialogue;
        }
        catch
        {
            client.Dispose();
            throw;
        }
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
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
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
