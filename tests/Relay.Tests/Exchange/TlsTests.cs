using System.Security.Cryptography.X509Certificates;
using Relay.TestKit;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>An Exchange with a certificate of a private authority, as it has it within an organisation.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly TempFolder _folder = new();
    private X509Certificate2 _certificate = null!;
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _certificate = _authority.Issue("localhost");
        await File.WriteAllTextAsync(_folder.File("ca.pem"), _authority.Pem);
        _stage = await SetAsync(options =>
        {
            options.Url = new Uri("https://127.0.0.1:0/EWS/Exchange.asmx");
            options.Certificate = _certificate;
        });
        _stage.Options.Url = new Uri($"https://localhost:{_stage.Proxy.Port}/EWS/Exchange.asmx");
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_authority_that_the_settings_name_is_trusted()
    {
        _stage.Options.TrustedCertificates = _folder.File("ca.pem");
        await _stage.StartRelayAsync();
        await _stage.WatchAsync(Ann, "inbox");

        var mail = _stage.Server.DeliverMail(Ann, "Hello", Bob);
        await _stage.ToldAsync(Ann, mail, "Created NewMail");
    }

    [Theory]
    [InlineData("an authority that nobody named", false, "localhost")]
    [InlineData("a certificate for another name", true, "127.0.0.1")]
    public async Task Other_certificates_are_refused_with_what_to_do(string why, bool isNamed, string host)
    {
        _stage.Options.TrustedCertificates = isNamed ? _folder.File("ca.pem") : null;
        _stage.Options.Url = new Uri($"https://{host}:{_stage.Proxy.Port}/EWS/Exchange.asmx");
        await _stage.StartRelayAsync();

        var finding = Assert.Single(await _stage.Probe.CheckAsync([Ann], CancellationToken.None));

        Assert.False(finding.IsOk, why);
        Assert.StartsWith("TLS with Exchange failed", finding.Sentence, StringComparison.Ordinal);
        Assert.Contains("Relay:Exchange:TrustedCertificates", finding.Sentence, StringComparison.Ordinal);
        Assert.Empty(_stage.Server.Mailboxes);
    }

    [Fact]
    public async Task A_password_is_not_logged_whatever_goes_wrong()
    {
        const string Password = "a-password-that-nobody-sees";
        var basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"relay:{Password}"));
        var log = new CollectedLines();
        _stage.Logs = log;
        _stage.Options.Password = Password;
        _stage.Options.TrustedCertificates = _folder.File("ca.pem");
        await _stage.StartRelayAsync();
        await _stage.WatchAsync(Ann, "inbox");
        foreach (var fault in new[] { ExchangeSimulator.SimulatorFault.Unauthorized, ExchangeSimulator.SimulatorFault.ErrorPage, ExchangeSimulator.SimulatorFault.DropAnswer })
        {
            _stage.Server.Arm(fault, 2);
            _stage.Proxy.CutAll();
            await Eventually.TrueAsync(() => _stage.Server.ArmedFaults.Count == 0, $"{fault}");
        }

        await _stage.StopRelayAsync();
        _stage.Options.TrustedCertificates = null;
        await _stage.StartRelayAsync();
        await Eventually.TrueAsync(() => log.Lines.Any(line => line.Contains("TLS", StringComparison.Ordinal)), "a line of the failure");

        Assert.Contains(log.Lines, line => line.Contains("401", StringComparison.Ordinal));
        Assert.All(log.Lines, line => Assert.DoesNotContain(Password, line, StringComparison.Ordinal));
        Assert.All(log.Lines, line => Assert.DoesNotContain(basic, line, StringComparison.Ordinal));
    }
}
