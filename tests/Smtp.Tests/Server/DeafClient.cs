using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Relay.Smtp.Server;
using Relay.TestKit;

namespace Relay.Smtp.Tests.Server;

/// <summary>A client, encrypted or not, that reads when the test says so and at no other time.</summary>
internal sealed class DeafClient : IAsyncDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Stream _stream;

    private DeafClient(Stream stream) => _stream = stream;

    /// <summary>Connects and greets.</summary>
    public static async Task<DeafClient> ConnectAsync(IPEndPoint server, SmtpTlsMode tls)
    {
        // Little room, so that the server is soon not read any more.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(server);
        var client = new DeafClient(new NetworkStream(socket, ownsSocket: true));
        if (tls == SmtpTlsMode.Implicit)
        {
            await client.EncryptAsync();
        }

        Assert.StartsWith("220", await client.ReadAsync("\r\n"));
        await client.SayAsync("EHLO c", "250 ");
        if (tls == SmtpTlsMode.StartTls)
        {
            await client.SayAsync("STARTTLS", "220 ");
            await client.EncryptAsync();
            await client.SayAsync("EHLO c", "250 ");
        }

        return client;
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> octets) => await _stream.WriteAsync(octets);

    /// <summary>Says a line and waits for the line that ends its reply.</summary>
    public async Task SayAsync(string line, string end)
    {
        await SendAsync(line + "\r\n");
        Assert.Contains(end, await ReadAsync(end), StringComparison.Ordinal);
    }

    /// <summary>What the server says until this has come, or until it has hung up.</summary>
    public async Task<string> ReadAsync(string until)
    {
        var heard = new StringBuilder();
        while (await Eventually.CompletesAsync(TryReadAsync(), "the server says something") is var count and > 0)
        {
            heard.Append(Encoding.Latin1.GetString(_buffer, 0, count));
            if (heard.ToString().Contains(until, StringComparison.Ordinal) && heard.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            {
                break;
            }
        }

        return heard.ToString();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<int> TryReadAsync()
    {
        try
        {
            return await _stream.ReadAsync(_buffer);
        }
        catch (IOException)
        {
            return 0; // Reset: an end like any other.
        }
    }

    private async Task EncryptAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mx.example",
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=mx.example",
        });
        _stream = tls;
    }
}
