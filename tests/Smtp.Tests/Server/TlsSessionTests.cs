using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relay.Smtp.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Smtp.Tests.Server;

/// <summary>What a session knows after STARTTLS, which no transcript can show (RFC 3207 §4.2).</summary>
public sealed class TlsSessionTests
{
    [Fact]
    public async Task Under_TLS_the_session_begins_anew_and_nothing_learnt_before_counts()
    {
        await using var server = await StartAsync(SmtpTlsMode.StartTls);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoint);
        var plain = new Dialogue(tcp.GetStream());
        await plain.ReadAsync();
        Assert.Contains("STARTTLS", await plain.SayAsync("EHLO before.example"), StringComparison.Ordinal);
        Assert.StartsWith("235", await plain.SayAsync($"AUTH PLAIN {TestAccounts.Plain("joe", "secret")}"));
        Assert.StartsWith("220", await plain.SayAsync("STARTTLS"));

        await using var tls = await TestTls.ShakeHandsAsync(tcp.GetStream());
        var secret = new Dialogue(tls);
        Assert.StartsWith("503 5.5.1 say EHLO first", await secret.SayAsync("MAIL FROM:<a@c>"));
        Assert.StartsWith("503", await secret.SayAsync("STARTTLS"));
        var announced = await secret.SayAsync("EHLO after.example");
        Assert.DoesNotContain("STARTTLS", announced, StringComparison.Ordinal);
        Assert.Contains("AUTH", announced, StringComparison.Ordinal);
        Assert.StartsWith("503 5.5.1 TLS is already on", await secret.SayAsync("STARTTLS"));
        Assert.StartsWith("250", await secret.SayAsync("MAIL FROM:<a@c>"));
        Assert.StartsWith("250", await secret.SayAsync("RCPT TO:<one@mx.example>"));
        Assert.StartsWith("354", await secret.SayAsync("DATA"));
        Assert.StartsWith("250", await secret.SayAsync("x\r\n."));
        var mail = Assert.Single(server.Mails.Mails);
        Assert.Equal(("after.example", true, null), (mail.Client.HelloName, mail.Client.IsTls, mail.Client.Account));
        Assert.Contains("with ESMTPS id", mail.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_1_3_is_spoken_with_those_who_speak_it()
    {
        await using var server = await StartAsync(SmtpTlsMode.Implicit);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoint);
        await using var tls = await TestTls.ShakeHandsAsync(tcp.GetStream());
        Assert.Equal(SslProtocols.Tls13, tls.SslProtocol);
    }

    [Theory]
    [InlineData("by STARTTLS", SmtpTlsMode.StartTls)]
    [InlineData("from the first octet", SmtpTlsMode.Implicit)]
    public async Task A_client_that_speaks_no_TLS_when_its_turn_has_come_is_cut(string why, SmtpTlsMode mode)
    {
        await using var server = await StartAsync(mode);
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        if (mode == SmtpTlsMode.StartTls)
        {
            await client.ReplyAsync();
            await client.TalkAsync("EHLO c", "250", "STARTTLS", "220");
        }

        await client.SendAsync("MAIL FROM:<a@c>\r\nRCPT TO:<one@mx.example>\r\nDATA\r\nx\r\n.\r\n");
        while (await client.ReplyAsync() is { } line)
        {
            Assert.False(line.StartsWith("250", StringComparison.Ordinal), $"{why}: {line}");
        }

        Assert.Empty(server.Mails.Mails);
        await Eventually.TrueAsync(() => server.Server.SessionCount == 0, "the session ends");
    }

    [Fact]
    public async Task A_handshake_that_never_ends_is_cut()
    {
        var time = new ManualTimeProvider();
        await using var server = await StartAsync(SmtpTlsMode.Implicit, time);
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.SendAsync("\x16\x03\x01");
        var end = client.ReplyAsync();
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return end.IsCompleted;
            },
            "the connection is cut");
        Assert.Null(await end);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Under_TLS_too_an_idle_session_is_told_that_it_is_late(bool usesKestrel)
    {
        var time = new ManualTimeProvider();
        await using var server = await StartAsync(SmtpTlsMode.Implicit, time, usesKestrel: usesKestrel);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoint);
        await using var tls = await TestTls.ShakeHandsAsync(tcp.GetStream());
        var dialogue = new Dialogue(tls);
        await dialogue.ReadAsync();
        var reply = dialogue.ReadAsync();
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(2));
                return reply.IsCompleted;
            },
            "the session is told");
        Assert.StartsWith("421 4.4.2", await reply);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Under_TLS_too_a_shutdown_tells_idle_sessions(bool usesKestrel)
    {
        await using var server = await StartAsync(SmtpTlsMode.Implicit, usesKestrel: usesKestrel);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoint);
        await using var tls = await TestTls.ShakeHandsAsync(tcp.GetStream());
        var dialogue = new Dialogue(tls);
        await dialogue.ReadAsync();
        var stopping = server.Server.StopAsync(CancellationToken.None);
        Assert.StartsWith("421 4.3.2", await dialogue.ReadAsync());
        await stopping;
    }

    [Theory]
    [InlineData("all of them", true)]
    [InlineData("ours alone, and nobody is asked for the others", false)]
    public async Task The_certificates_that_lead_to_an_authority_are_sent_as_they_are_given(string why, bool isWhole)
    {
        var (certificate, intermediate, root) = TestCertificate.Issued("mx.example");
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Listeners[0].Tls = SmtpTlsMode.Implicit;
            options.Certificate = certificate;
            X509Certificate2[] others = isWhole ? [root, intermediate] : [];
            options.Intermediates.AddRange(others);
        });
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoint);
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { root },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        await using var tls = new SslStream(tcp.GetStream());
        var hands = tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.example", CertificateChainPolicy = trust });
        var failure = await Record.ExceptionAsync(() => hands);

        Assert.True(isWhole ? failure is null : failure is AuthenticationException, $"{why}: {failure}");
    }

    [Theory]
    [InlineData("EHLO c", false, false, SmtpProtocol.Smtp, "ESMTP")]
    [InlineData("HELO c", false, false, SmtpProtocol.Smtp, "SMTP")]
    [InlineData("EHLO c", true, false, SmtpProtocol.Smtp, "ESMTPS")]
    [InlineData("EHLO c", false, true, SmtpProtocol.Smtp, "ESMTPA")]
    [InlineData("EHLO c", true, true, SmtpProtocol.Smtp, "ESMTPSA")]
    [InlineData("LHLO c", false, false, SmtpProtocol.Lmtp, "LMTP")]
    [InlineData("LHLO c", true, true, SmtpProtocol.Lmtp, "LMTPSA")]
    [InlineData("EHLO c", false, false, SmtpProtocol.Smtp, "UTF8SMTP", " SMTPUTF8")]
    [InlineData("EHLO c", true, true, SmtpProtocol.Smtp, "UTF8SMTPSA", " SMTPUTF8")]
    [InlineData("LHLO c", false, false, SmtpProtocol.Lmtp, "UTF8LMTP", " SMTPUTF8")]
    public async Task Received_says_how_a_mail_came_and_stands_once(
        string hello, bool encrypted, bool authenticated, SmtpProtocol protocol, string word, string parameter = "")
    {
        await using var server = await StartAsync(encrypted ? SmtpTlsMode.Implicit : SmtpTlsMode.None, protocol: protocol);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoint);
        await using var stream = encrypted ? await TestTls.ShakeHandsAsync(tcp.GetStream()) : (Stream)tcp.GetStream();
        var dialogue = new Dialogue(stream);
        await dialogue.ReadAsync();
        await dialogue.SayAsync(hello);
        if (authenticated)
        {
            Assert.StartsWith("235", await dialogue.SayAsync($"AUTH PLAIN {TestAccounts.Plain("joe", "secret")}"));
        }

        await dialogue.SayAsync($"MAIL FROM:<a@c>{parameter}");
        await dialogue.SayAsync("RCPT TO:<one@mx.example>");
        await dialogue.SayAsync("DATA");
        Assert.StartsWith("250", await dialogue.SayAsync("Subject: x\r\n\r\nx\r\n."));
        var mail = Assert.Single(server.Mails.Mails);
        Assert.StartsWith($"Received: from c ([127.0.0.1])\r\n\tby mx.example with {word} id m1 for <one@mx.example>;", mail.Trace);
        Assert.Equal("Subject: x\r\n\r\nx\r\n", mail.Content);
    }

    private static Task<TestServer> StartAsync(
        SmtpTlsMode mode, TimeProvider? time = null, SmtpProtocol protocol = SmtpProtocol.Smtp, bool usesKestrel = false) => TestServer.StartAsync(
        options =>
        {
            options.UsesKestrel = usesKestrel;
            options.Listeners[0].Tls = mode;
            options.Listeners[0].Protocol = protocol;
            options.Certificate = TestCertificate.SelfSigned("mx.example");
            options.Authenticator = new TestAccounts();
            options.AllowAuthInTheClear = true;
        },
        time);

    /// <summary>Commands and replies on a stream.</summary>
    private sealed class Dialogue(Stream stream)
    {
        public async Task<string> SayAsync(string line)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
            return await ReadAsync();
        }

        /// <summary>A whole reply, its lines joined.</summary>
        public async Task<string> ReadAsync()
        {
            var reply = new StringBuilder();
            var octet = new byte[1];
            while (true)
            {
                var start = reply.Length;
                while (reply.Length == start || reply[^1] != '\n')
                {
                    var count = await Eventually.CompletesAsync(stream.ReadAsync(octet).AsTask(), "the server says something");
                    Assert.True(count == 1, $"the server hung up after {reply}");
                    reply.Append((char)octet[0]);
                }

                if (reply[start + 3] == ' ')
                {
                    return reply.ToString();
                }
            }
        }
    }
}
