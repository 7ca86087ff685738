using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Inbound;
using Relay.Settings;
using Relay.Smtp.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Smtp;

namespace Relay.Tests.Inbound;

/// <summary>The server's certificate, from its files to the handshake.</summary>
public sealed class CertificateRenewalTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private CertificateFiles Pem => new(_temp.File("fullchain.pem"), _temp.File("privkey.pem"), null);

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("PEM, as certbot writes it", "", "fullchain.pem")]
    [InlineData("PEM of another name", "", "mx.tls")]
    [InlineData("PEM without a name that says anything", "", "certificate")]
    [InlineData("PEM under the name of PFX", "", "mx.pfx")]
    [InlineData("PEM with text before it, as openssl writes it", "0 s:CN = mx.example\n", "mx.cer")]
    [InlineData("PFX", null, "mx.pfx")]
    [InlineData("PFX of another name", null, "mx.bin")]
    [InlineData("PFX under the name of PEM", null, "mx.pem")]
    public void What_a_file_is_its_content_tells_and_the_certificates_behind_ours_are_read_with_it(string why, string? before, string name)
    {
        var (own, intermediate, _) = TestCertificate.Issued("mx.example");
        var files = before is null ? new CertificateFiles(_temp.File(name), null, "secret") : Pem with { Path = _temp.File(name) };
        if (before is null)
        {
            File.WriteAllBytes(files.Path, new X509Certificate2Collection { intermediate, own }.Export(X509ContentType.Pkcs12, "secret")!);
        }
        else
        {
            Write(own, intermediate);
            File.WriteAllText(files.Path, before + File.ReadAllText(Pem.Path));
        }

        var (certificate, others) = files.Load();

        Assert.True(certificate.HasPrivateKey, why);
        Assert.Equal(own.Thumbprint, certificate.Thumbprint);
        Assert.Equal([intermediate.Thumbprint], others.Select(other => other.Thumbprint));
    }

    [Fact]
    public void What_was_read_and_is_not_used_is_let_go_with_its_key()
    {
        var (own, intermediate, _) = TestCertificate.Issued("mx.example");
        Write(own, intermediate);
        var loaded = Pem.Load();

        loaded.Dispose();

        Assert.All(loaded.Others.Prepend(loaded.Certificate), certificate => Assert.Equal(0, certificate.Handle));
    }

    [Fact]
    public async Task A_certificate_that_is_renewed_in_its_file_is_shown_without_a_restart()
    {
        var time = new ManualTimeProvider();
        Write(TestCertificate.Issued("before.example").Certificate);
        var (certificate, _) = Pem.Load();
        var options = new SmtpServerOptions { Certificate = certificate };
        options.Listeners.Add(new SmtpListenerOptions { Tls = SmtpTlsMode.Implicit });
        await using var server = new SmtpServer(options, new Nobody(), TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        await using var renewal = new CertificateRenewal(Pem, certificate.Thumbprint, server, time, NullLogger.Instance);
        Assert.Equal("CN=before.example", await ShownAsync(server));

        await File.WriteAllTextAsync(Pem.KeyPath!, "half written", TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("CN=before.example", await ShownAsync(server));

        Write(TestCertificate.Issued("after.example").Certificate);
        Assert.Equal("CN=before.example", await ShownAsync(server));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("CN=after.example", await ShownAsync(server));
    }

    [Fact]
    public async Task A_chain_that_is_mended_behind_the_same_certificate_is_shown_too()
    {
        var time = new ManualTimeProvider();
        var (own, intermediate, root) = TestCertificate.Issued("mx.example");
        Write(own);
        await using var server = await StartAsync();
        await using var renewal = new CertificateRenewal(Pem, own.Thumbprint, server, time, NullLogger.Instance);
        Assert.False(await IsTrustedAsync(server, root));

        Write(own, intermediate);
        time.Advance(TimeSpan.FromMinutes(10));

        Assert.True(await IsTrustedAsync(server, root));
    }

    [Fact]
    public async Task A_fault_that_nobody_foresaw_does_not_leave_the_timer()
    {
        var time = new ManualTimeProvider();
        Write(TestCertificate.Issued("before.example").Certificate);
        await using var server = await StartAsync();
        var log = new Store.LogThatFailsOnce("The certificate in");
        await using var renewal = new CertificateRenewal(Pem, null, server, time, log);

        time.Advance(TimeSpan.FromMinutes(10)); // throws where the timer's callback does
        Assert.Contains(Store.LogThatFailsOnce.Reason, Assert.Single(log.Lines), StringComparison.Ordinal);

        Write(TestCertificate.Issued("after.example").Certificate);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("CN=after.example", await ShownAsync(server));
    }

    private async Task<SmtpServer> StartAsync()
    {
        var options = new SmtpServerOptions { Certificate = Pem.Load().Certificate };
        options.Listeners.Add(new SmtpListenerOptions { Tls = SmtpTlsMode.Implicit });
        var server = new SmtpServer(options, new Nobody(), TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return server;
    }

    /// <summary>Whether a client believes the certificate that knows nothing but the authority at its root.</summary>
    private static async Task<bool> IsTrustedAsync(SmtpServer server, X509Certificate2 root)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoints[0]);
        await using var tls = new SslStream(tcp.GetStream());
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { root },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        var options = new SslClientAuthenticationOptions { TargetHost = "mx.example", CertificateChainPolicy = trust };
        return await Record.ExceptionAsync(() => tls.AuthenticateAsClientAsync(options)) switch
        {
            null => true,
            System.Security.Authentication.AuthenticationException => false,
            var other => throw new InvalidOperationException("The handshake failed otherwise.", other),
        };
    }

    private void Write(X509Certificate2 own, params X509Certificate2[] others)
    {
        File.WriteAllText(Pem.Path, string.Concat(others.Prepend(own).Select(one => one.ExportCertificatePem() + "\n")));
        using var key = own.GetECDsaPrivateKey()!;
        File.WriteAllText(Pem.KeyPath!, key.ExportPkcs8PrivateKeyPem());
    }

    private static async Task<string?> ShownAsync(SmtpServer server)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoints[0]);
        await using var tls = new SslStream(tcp.GetStream());
        string? subject = null;
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mx.example",
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                subject = certificate?.Subject;
                return subject is "CN=before.example" or "CN=after.example";
            },
        });
        return subject;
    }

    /// <summary>Takes no mail.</summary>
    private sealed class Nobody : IMailHandler
    {
        public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) => new(SmtpReplies.StoreDown);

        public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
            throw new InvalidOperationException("No sender is taken.");

        public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
            throw new InvalidOperationException("No sender is taken.");
    }
}
