using System.Net;
using System.Net.Sockets;
using System.Text;
using Relay.TestKit;

namespace Relay.Smtp.Tests.Server;

/// <summary>A socket and the lines on it, for what a transcript cannot say.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<byte> _received = [];
    private readonly byte[] _buffer = new byte[4096];

    public static async Task<WireClient> ConnectAsync(IPEndPoint server)
    {
        var client = new WireClient();
        await client._socket.ConnectAsync(server);
        return client;
    }

    /// <summary>Says lines one by one and expects replies that begin with the codes: <c>"NOOP", "250"</c>.</summary>
    public async Task TalkAsync(params string[] lines)
    {
        for (var i = 0; i < lines.Length; i += 2)
        {
            await SendAsync(lines[i] + "\r\n");
            Assert.StartsWith(lines[i + 1], await ReplyAsync());
        }
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Says something to a server that may have hung up by now.</summary>
    public async Task TrySendAsync(string text)
    {
        try
        {
            await SendAsync(text);
        }
        catch (SocketException)
        {
            // What it said last is still to be read.
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> octets) => await _socket.SendAsync(octets);

    /// <summary>Lines that came with what was read last.</summary>
    public int LinesAtHand => _received.Count(octet => octet == '\n');

    /// <summary>The last line of the next reply; null when the server has hung up.</summary>
    public async Task<string?> ReplyAsync()
    {
        while (await LineAsync() is { } line)
        {
            if (line.Length < 4 || line[3] == ' ')
            {
                return line;
            }
        }

        return null;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string?> LineAsync()
    {
        while (_received.IndexOf((byte)'\n') < 0)
        {
            var count = await Eventually.CompletesAsync(ReceiveAsync(), "the server says something");
            if (count == 0)
            {
                return null;
            }

            _received.AddRange(_buffer.AsSpan(0, count));
        }

        var end = _received.IndexOf((byte)'\n');
        var line = Encoding.Latin1.GetString([.. _received[..(end - 1)]]);
        _received.RemoveRange(0, end + 1);
        return line;
    }

    private async Task<int> ReceiveAsync()
    {
        try
        {
            return await _socket.ReceiveAsync(_buffer);
        }
        catch (SocketException)
        {
            // Reset: an end like any other.
            return 0;
        }
    }
}
