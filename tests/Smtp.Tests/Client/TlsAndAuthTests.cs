using System.Security.Cryptography.X509Certificates;
using Relay.Smtp.Client;
using Relay.Smtp.Server;
using Relay.Smtp.Tests.Server;
using Relay.TestKit.Mail;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Client;

/// <summary>Encryption and accounts, our client against our server and against one that shares no code with it.</summary>
public sealed class TlsAndAuthTests
{
    private static readonly X509Certificate2 Certificate = TestCertificate.SelfSigned("localhost");

    [Theory]
    [InlineData("encrypted though nobody asked for proof", SmtpTlsMode.StartTls, SmtpClientTls.Opportunistic, false, true)]
    [InlineData("no TLS to be had, so it goes without", SmtpTlsMode.None, SmtpClientTls.Opportunistic, false, false)]
    [InlineData("never", SmtpTlsMode.StartTls, SmtpClientTls.None, false, false)]
    [InlineData("a certificate that proves the host", SmtpTlsMode.StartTls, SmtpClientTls.Required, true, true)]
    [InlineData("from the first octet", SmtpTlsMode.Implicit, SmtpClientTls.Implicit, true, true)]
    public async Task A_mail_goes_as_encrypted_as_it_should(string why, SmtpTlsMode server, SmtpClientTls client, bool trusts, bool isTls)
    {
        await using var there = await StartAsync(server);
        var result = await ConnectAsync(there.EndPoint.Port, client, trusts);
        await using var connection = Assert.IsType<SmtpConnectResult.Connected>(result).Connection;
        Assert.IsType<DeliveryOutcome.Delivered>(await SendAsync(connection));
        var mail = Assert.Single(there.Mails.Mails);
        Assert.True(isTls == mail.Client.IsTls && isTls == connection.IsTls, why);
        Assert.Contains(isTls ? "with ESMTPS id" : "with ESMTP id", mail.Trace, StringComparison.Ordinal);
        await connection.QuitAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("a certificate nobody vouches for", SmtpTlsMode.StartTls, SmtpClientTls.Required)]
    [InlineData("a certificate nobody vouches for", SmtpTlsMode.Implicit, SmtpClientTls.Implicit)]
    [InlineData("no STARTTLS to be had", SmtpTlsMode.None, SmtpClientTls.Required)]
    public async Task What_must_be_encrypted_is_not_sent_otherwise(string why, SmtpTlsMode server, SmtpClientTls client)
    {
        await using var there = await StartAsync(server);
        var failed = Assert.IsType<SmtpConnectResult.Failed>(await ConnectAsync(there.EndPoint.Port, client, trusts: false));
        Assert.True(failed.Outcome is DeliveryOutcome.Deferred { Stage: DeliveryStage.Tls }, why);
    }

    [Fact]
    public async Task Octets_between_STARTTLS_and_the_handshake_are_not_believed()
    {
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions { Certificate = Certificate });
        server.Always(MailServerStage.StartTls, new MailServerOrder.Answer("220 2.0.0 go\r\n250 2.0.0 forged"));
        var failed = Assert.IsType<SmtpConnectResult.Failed>(await ConnectAsync(server.Port, SmtpClientTls.Opportunistic, trusts: false));
        Assert.True(failed.Outcome is DeliveryOutcome.Deferred { Stage: DeliveryStage.Tls });
    }

    [Theory]
    [InlineData("STARTTLS is offered and then not to be had: opportunistic goes on without", SmtpClientTls.Opportunistic, true)]
    [InlineData("required does not", SmtpClientTls.Required, false)]
    public async Task STARTTLS_may_be_refused(string why, SmtpClientTls tls, bool connects)
    {
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions { Certificate = Certificate });
        server.Always(MailServerStage.StartTls, new MailServerOrder.Answer("454 4.7.0 no TLS today"));
        Assert.True(connects == (await ConnectAsync(server.Port, tls, trusts: true)) is SmtpConnectResult.Connected, why);
    }

    [Theory]
    [InlineData("a server whose TLS is broken still gets its mail where TLS is a bonus", SmtpClientTls.Opportunistic, true)]
    [InlineData("and none where it is required", SmtpClientTls.Required, false)]
    public async Task A_handshake_may_fail(string why, SmtpClientTls tls, bool connects)
    {
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions { Certificate = Certificate });
        var options = new SmtpClientOptions { Host = "localhost", Port = server.Port, Tls = tls, CertificateCheck = (_, _, _, _) => false };
        var result = await SmtpConnection.ConnectAsync(options, TimeProvider.System, CancellationToken.None);
        Assert.True(connects == result is SmtpConnectResult.Connected { Connection.IsTls: false }, why);
    }

    [Theory]
    [InlineData("SCRAM, which shows no password, needs no TLS", SmtpTlsMode.None, SmtpClientTls.None)]
    [InlineData("and works under it", SmtpTlsMode.StartTls, SmtpClientTls.Required)]
    public async Task An_account_is_proved_by_SCRAM(string why, SmtpTlsMode server, SmtpClientTls client)
    {
        await using var there = await StartAsync(server);
        var result = await ConnectAsync(there.EndPoint.Port, client, trusts: true, "joe", "secret");
        Assert.True(result is SmtpConnectResult.Connected, why);
        await using var connection = ((SmtpConnectResult.Connected)result).Connection;
        await SendAsync(connection);
        var mail = Assert.Single(there.Mails.Mails);
        Assert.Equal("joe", mail.Client.Account);
        Assert.Contains(mail.Client.IsTls ? "with ESMTPSA" : "with ESMTPA", mail.Trace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a wrong password", "joe", "wrong")]
    [InlineData("an account that does not exist", "nobody", "secret")]
    public async Task A_wrong_account_is_deferred_as_no_mail_should_be_lost_for_it(string why, string user, string password)
    {
        await using var there = await StartAsync(SmtpTlsMode.None);
        var failed = Assert.IsType<SmtpConnectResult.Failed>(await ConnectAsync(there.EndPoint.Port, SmtpClientTls.None, false, user, password));
        Assert.True(failed.Outcome is DeliveryOutcome.Deferred { Stage: DeliveryStage.Auth, Reply.Code: 535 }, why);
    }

    [Fact]
    public async Task A_password_does_not_go_in_the_clear()
    {
        var accounts = new Dictionary<string, string> { ["joe"] = "secret" };
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions { Accounts = accounts });
        var failed = Assert.IsType<SmtpConnectResult.Failed>(await ConnectAsync(server.Port, SmtpClientTls.None, false, "joe", "secret"));
        Assert.True(failed.Outcome is DeliveryOutcome.Deferred { Stage: DeliveryStage.Auth, Reply: null });
        Assert.DoesNotContain("AUTH PLAIN A", server.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_is_proved_by_PLAIN_under_TLS()
    {
        var accounts = new Dictionary<string, string> { ["joe"] = "secret" };
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions { Accounts = accounts, Certificate = Certificate });
        var result = await ConnectAsync(server.Port, SmtpClientTls.Required, trusts: true, "joe", "secret");
        await using var connection = Assert.IsType<SmtpConnectResult.Connected>(result).Connection;
        Assert.IsType<DeliveryOutcome.Delivered>(await SendAsync(connection));
        Assert.Equal("joe", Assert.Single(server.Mails).Account);
    }

    private static Task<TestServer> StartAsync(SmtpTlsMode tls) => TestServer.StartAsync(options =>
    {
        options.Listeners[0].Tls = tls;
        options.Certificate = Certificate;
        options.Authenticator = new TestAccounts();
        options.AllowAuthInTheClear = true;
        options.Limits.ErrorDelay = TimeSpan.Zero;
    });

    private static Task<SmtpConnectResult> ConnectAsync(int port, SmtpClientTls tls, bool trusts, string? user = null, string? password = null)
    {
        var options = new SmtpClientOptions { Host = "localhost", Port = port, Tls = tls, UserName = user, Password = password };
        if (trusts)
        {
            options.CertificateCheck = (_, certificate, _, _) => certificate?.GetCertHashString() == Certificate.GetCertHashString();
        }

        return SmtpConnection.ConnectAsync(options, TimeProvider.System, CancellationToken.None);
    }

    private static async Task<DeliveryOutcome> SendAsync(SmtpConnection connection)
    {
        Assert.True(MailAddress.TryParse("one@mx.example", out var recipient));
        var outcomes = await connection.SendAsync(new MailEnvelope(null, [recipient]), "x\r\n"u8.ToArray(), CancellationToken.None);
        return Assert.Single(outcomes);
    }
}
