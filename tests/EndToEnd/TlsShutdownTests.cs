using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Relay.EndToEnd.Harness;
using Relay.TestKit;

namespace Relay.EndToEnd;

/// <summary>The end of the program while a client under TLS does what it may not.</summary>
public sealed class TlsShutdownTests
{
    [Fact]
    public async Task A_broken_record_while_it_stops_does_not_make_the_stop_a_failure()
    {
        await using var listeners = new ListenersFixture();
        await listeners.InitializeAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", listeners.Implicit);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost",
        });
        await tls.WriteAsync(Encoding.ASCII.GetBytes("EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<calendar@localhost>\r\nDATA\r\nSubject: x\r\n"));
        using (var reader = new StreamReader(tls, leaveOpen: true))
        {
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith("354", StringComparison.Ordinal))
            {
                // Up to the content.
            }
        }

        Task<int> ending = listeners.Gateway.TerminateAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                using var late = new TcpClient();
                return await Record.ExceptionAsync(() => late.ConnectAsync("127.0.0.1", listeners.Implicit)) is not null;
            },
            "it takes no more connections");
        await tcp.GetStream().WriteAsync((byte[])[0x17, 3, 3, 0, 0x20, .. new byte[32]], TestContext.Current.CancellationToken);

        Assert.True(await ending == 0, listeners.Gateway.Log);
    }
}
