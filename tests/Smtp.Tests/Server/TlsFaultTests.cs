using System.Net.Sockets;
using System.Text;
using Relay.Smtp.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Smtp.Tests.Server;

/// <summary>TLS that breaks, by the client's fault and by ours: the session ends, nothing else does.</summary>
public sealed class TlsFaultTests
{
    // RFC 8446 §5.1: application data, 32 octets that no key of the session has made.
    private static readonly byte[] BrokenRecord = [0x17, 3, 3, 0, 0x20, .. Enumerable.Repeat((byte)0x5a, 32)];

    [Theory]
    [InlineData("while it stops", false, true)]
    [InlineData("while it stops, on Kestrel's connections", true, true)]
    [InlineData("at any other time", false, false)]
    public async Task A_broken_record_ends_its_session_and_fails_no_shutdown(string why, bool usesKestrel, bool isStopping)
    {
        using var errors = new ErrorLog();
        await using var server = await StartAsync(SmtpTlsMode.Implicit, errors, usesKestrel);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoint);
        await using var tls = await TestTls.ShakeHandsAsync(tcp.GetStream());
        await SayAsync(tls, "EHLO client.example\r\nMAIL FROM:<a@c>\r\nRCPT TO:<one@mx.example>\r\nDATA\r\nSubject: x\r\n", "354 ");
        var stopping = isStopping ? server.Server.StopAsync(CancellationToken.None) : Task.CompletedTask;

        await tcp.GetStream().WriteAsync(BrokenRecord);

        await Eventually.TrueAsync(() => server.Server.SessionCount == 0, $"the session ends {why}");
        await Eventually.CompletesAsync(isStopping ? stopping : server.Server.StopAsync(CancellationToken.None), "the server stops");
        Assert.Empty(server.Mails.Mails);
        Assert.Empty(errors.Lines); // a client's fault is none of ours
    }

    [Fact]
    public async Task A_handshake_that_fails_by_our_own_fault_ends_the_session_and_says_nothing_in_the_clear()
    {
        using var errors = new ErrorLog();
        await using var server = await StartAsync(SmtpTlsMode.StartTls, errors);
        var certificate = TestCertificate.SelfSigned("mx.example");
        server.Server.Renew(certificate, []);
        certificate.Dispose(); // by mistake, and with it the key
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoint);
        await SayAsync(tcp.GetStream(), "EHLO client.example\r\nSTARTTLS\r\n", "220 2.0.0 ");

        // RFC 8446 §4.1.2: how a ClientHello begins; what answers it is seen as it is on the wire.
        await tcp.GetStream().WriteAsync(await ClientHelloAsync());
        var rest = new MemoryStream();
        await Eventually.CompletesAsync(tcp.GetStream().CopyToAsync(rest), "the server hangs up");

        Assert.DoesNotContain("451", Encoding.Latin1.GetString(rest.ToArray()), StringComparison.Ordinal);
        Assert.Contains("the TLS handshake failed by our own fault", Assert.Single(errors.Lines), StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(SmtpTlsMode mode, ErrorLog errors, bool usesKestrel = false) => TestServer.StartAsync(
        options =>
        {
            options.UsesKestrel = usesKestrel;
            options.Listeners[0].Tls = mode;
            options.Certificate = TestCertificate.SelfSigned("mx.example");
        },
        loggers: errors);

    /// <summary>What a client says first.</summary>
    private static async Task<byte[]> ClientHelloAsync()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var near = new TcpClient();
        await near.ConnectAsync((System.Net.IPEndPoint)listener.LocalEndpoint);
        using var far = await listener.AcceptTcpClientAsync();
        var handshake = TestTls.ShakeHandsAsync(near.GetStream());
        var hello = new byte[4096];
        var count = await far.GetStream().ReadAsync(hello);
        far.Close();
        await Assert.ThrowsAnyAsync<IOException>(() => handshake);
        return hello[..count];
    }

    /// <summary>Says it, and reads until there is a line that begins so.</summary>
    private static async Task SayAsync(Stream stream, string text, string untilReply)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        var said = "";
        var buffer = new byte[4096];
        while (!said.Split('\n').Any(line => line.StartsWith(untilReply, StringComparison.Ordinal) && line.EndsWith('\r')))
        {
            var count = await Eventually.CompletesAsync(stream.ReadAsync(buffer).AsTask(), $"the server says {untilReply}");
            Assert.True(count > 0, $"the server hung up after {said}");
            said += Encoding.Latin1.GetString(buffer, 0, count);
        }
    }
}
