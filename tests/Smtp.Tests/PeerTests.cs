using System.Net;
using Relay.Smtp.Client;
using Relay.Smtp.Server;
using Relay.Smtp.Tests.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests;

/// <summary>Programs that others wrote, where they are installed.</summary>
public sealed class PeerTests
{
    [Theory]
    [InlineData("a plain mail", "")]
    [InlineData("commands in one group", "--pipeline")]
    [InlineData("under TLS", "-tls")]
    [InlineData("with an account, PLAIN", "-tls --auth PLAIN --auth-user joe --auth-password secret")]
    [InlineData("with an account, LOGIN", "-tls --auth LOGIN --auth-user joe --auth-password secret")]
    public async Task Swaks_delivers(string why, string options)
    {
        await using var server = await StartAsync(SmtpTlsMode.StartTls);
        var (exit, output) = await RunAsync(
            "swaks", $"--server 127.0.0.1 --port {server.EndPoint.Port} --from a@c --to one@mx.example --body .dot {options}");
        Assert.True(exit == 0, $"{why}: {output}");
        Assert.Contains("\r\n.dot\r\n", Assert.Single(server.Mails.Mails).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Swaks_delivers_by_LMTP()
    {
        await using var server = await TestServer.StartAsync(options => options.Listeners[0].Protocol = SmtpProtocol.Lmtp);
        var (exit, output) = await RunAsync(
            "swaks", $"--protocol LMTP --server 127.0.0.1 --port {server.EndPoint.Port} --from a@c --to one@mx.example,two@mx.example");
        Assert.True(exit == 0, output);
        Assert.Equal(2, Assert.Single(server.Mails.Mails).Transaction.Recipients.Count);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task Swaks_tells_the_client_as_a_proxy(string version)
    {
        await using var server = await TestServer.StartAsync(options => options.Listeners[0].ProxyNetworks.Add(IPNetwork.Parse("127.0.0.0/8")));
        var (exit, output) = await RunAsync(
            "swaks",
            $"--server 127.0.0.1 --port {server.EndPoint.Port} --from a@c --to one@mx.example --proxy-version {version} --proxy-command PROXY "
            + "--proxy-family " + (version == "1" ? "TCP4" : "AF_INET --proxy-protocol STREAM") + " --proxy-source 192.0.2.7 --proxy-source-port 5000 --proxy-dest 192.0.2.1 --proxy-dest-port 25");
        Assert.True(exit == 0, output);
        Assert.Equal(IPAddress.Parse("192.0.2.7"), Assert.Single(server.Mails.Mails).Client.Address);
    }

    [Fact]
    public async Task Swaks_tells_the_client_by_XCLIENT()
    {
        await using var server = await TestServer.StartAsync(options => options.Listeners[0].XclientNetworks.Add(IPNetwork.Parse("127.0.0.0/8")));
        var (exit, output) = await RunAsync(
            "swaks",
            $"--server 127.0.0.1 --port {server.EndPoint.Port} --from a@c --to one@mx.example --xclient-addr 192.0.2.7 --xclient-name spike.example --xclient-login joe");
        Assert.True(exit == 0, output);
        var mail = Assert.Single(server.Mails.Mails);
        Assert.Equal((IPAddress.Parse("192.0.2.7"), "joe"), (mail.Client.Address, mail.Client.Account));
        Assert.Contains("(spike.example [192.0.2.7])", mail.Trace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtp", SmtpTlsMode.None)]
    [InlineData("smtps", SmtpTlsMode.Implicit)]
    public async Task Curl_delivers(string scheme, SmtpTlsMode tls)
    {
        await using var server = await StartAsync(tls);
        using var folder = new TempFolder();
        var mail = Path.Combine(folder.Path, "mail");
        await File.WriteAllTextAsync(mail, "Subject: x\r\n\r\n.\r\n..\r\n");
        var (exit, output) = await RunAsync(
            "curl", $"-sSk {scheme}://127.0.0.1:{server.EndPoint.Port}/c.example --mail-from a@c --mail-rcpt one@mx.example -T {mail}");
        Assert.True(exit == 0, output);
        Assert.Equal("Subject: x\r\n\r\n.\r\n..\r\n", Assert.Single(server.Mails.Mails).Content);
    }

    [Fact]
    public async Task Msmtp_delivers()
    {
        if (Peers.Find("msmtp") is not { } msmtp)
        {
            Assert.Skip(Peers.Missing("msmtp"));
            return;
        }

        await using var server = await StartAsync(SmtpTlsMode.StartTls);
        string[] arguments =
        [
            "--host=127.0.0.1", $"--port={server.EndPoint.Port}", "--tls=on", "--tls-certcheck=off", "--auth=scram-sha-256", "--user=joe",
            "--passwordeval=echo secret", "--from=a@c", "one@mx.example",
        ];
        var start = new ProgramStart(msmtp) { Arguments = arguments, Input = "Subject: x\n\n.dot\n"u8.ToArray() };
        await using var run = RunningProgram.Start(start);
        Assert.True(await run.ExitAsync() == 0, run.Transcript);
        var mail = Assert.Single(server.Mails.Mails);
        Assert.Equal(("joe", true), (mail.Client.Account, mail.Client.IsTls));
        Assert.Contains("\r\n.dot\r\n", mail.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Openssl_shakes_hands_with_TLS_1_3()
    {
        await using var server = await StartAsync(SmtpTlsMode.StartTls);
        var (_, output) = await RunAsync("openssl", $"s_client -starttls smtp -connect 127.0.0.1:{server.EndPoint.Port} -brief");
        Assert.Contains("TLSv1.3", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Openssl_gets_no_TLS_1_1()
    {
        await using var server = await StartAsync(SmtpTlsMode.StartTls);
        var (exit, output) = await RunAsync("openssl", $"s_client -starttls smtp -connect 127.0.0.1:{server.EndPoint.Port} -brief -tls1_1");
        Assert.True(exit != 0, output);
    }

    [Fact]
    public async Task Openssl_may_not_begin_TLS_1_2_anew()
    {
        if (Peers.Find("openssl") is not { } openssl)
        {
            Assert.Skip(Peers.Missing("openssl"));
            return;
        }

        await using var server = await StartAsync(SmtpTlsMode.StartTls);
        // A line that is "R" asks for new keys; the handshake would take place as often as the client likes.
        string command = $"(echo R; sleep 2) | {openssl} s_client -starttls smtp -connect 127.0.0.1:{server.EndPoint.Port} -tls1_2 2>&1";
        await using var run = RunningProgram.Start("/bin/sh", ["-c", command]);
        Assert.True(await run.ExitAsync() != 0, run.Transcript);
        Assert.Contains("RENEGOTIATING", run.Transcript, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => server.Server.SessionCount == 0, "the session is over");
    }

    [Fact]
    public async Task Postfix_load_generator_finds_nothing_wrong()
    {
        await using var server = await StartAsync(SmtpTlsMode.None);
        var (exit, output) = await RunAsync(
            "smtp-source", $"-s 4 -m 200 -l 4000 -d -f a@c -t one@mx.example 127.0.0.1:{server.EndPoint.Port}");
        Assert.True(exit == 0, output);
        Assert.Equal(200, server.Mails.Mails.Count);
    }

    [Fact]
    public async Task Postfix_sink_takes_what_our_client_sends()
    {
        if (Peers.Find("smtp-sink") is not { } sink)
        {
            Assert.Skip(Peers.Missing("smtp-sink"));
            return;
        }

        var port = FreePort.Next();
        // It runs as root only when told whom to be instead.
        string[] user = Environment.UserName == "root" ? ["-u", "nobody"] : [];
        await using var program = RunningProgram.Start(sink, [.. user, $"127.0.0.1:{port}", "100"]);
        var options = new SmtpClientOptions { Port = port };
        SmtpConnection? connection = null;
        await Eventually.TrueAsync(
            async () => (connection = (await SmtpConnection.ConnectAsync(options, TimeProvider.System, CancellationToken.None)
                as SmtpConnectResult.Connected)?.Connection) is not null,
            "smtp-sink listens");
        await using (connection)
        {
            Assert.True(MailAddress.TryParse("one@mx.example", out var recipient));
            for (var i = 0; i < 100; i++)
            {
                var outcomes = await connection!.SendAsync(new MailEnvelope(null, [recipient]), "x\r\n"u8.ToArray(), CancellationToken.None);
                Assert.IsType<DeliveryOutcome.Delivered>(outcomes[0]);
            }
        }
    }

    private static Task<TestServer> StartAsync(SmtpTlsMode tls) => TestServer.StartAsync(options =>
    {
        options.Listeners[0].Tls = tls;
        options.Certificate = TestCertificate.SelfSigned("localhost");
        options.Authenticator = new TestAccounts();
    });

    private static async Task<(int Exit, string Output)> RunAsync(string program, string arguments)
    {
        if (Peers.Find(program) is not { } path)
        {
            Assert.Skip(Peers.Missing(program));
            return default;
        }

        await using var run = RunningProgram.Start(path, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        run.CloseInput();
        var exit = await run.ExitAsync();
        return (exit, run.Transcript);
    }
}
