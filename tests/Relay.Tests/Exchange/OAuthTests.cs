using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Relay.Exchange;
using Relay.ExchangeSimulator;
using Relay.TestKit;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>Tokens by client credentials, from a server of tokens with a certificate of a private authority.</summary>
public sealed class OAuthTests : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly TempFolder _folder = new();
    private readonly CollectedLines _log = new();
    private X509Certificate2 _certificate = null!;
    private TokenServer _tokens = null!;
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _certificate = _authority.Issue("localhost");
        _tokens = await TokenServer.StartAsync(_certificate);
        await File.WriteAllTextAsync(_folder.File("ca.pem"), _authority.Pem);
        _stage = await SetAsync(options => options.Auth = SimulatorAuth.Bearer);
        _stage.Logs = _log;
        _stage.Options.Auth = ExchangeAuth.OAuth;
        _stage.Options.OAuth = new OAuthOptions
        {
            TenantId = TokenServer.Tenant,
            ClientId = TokenServer.Client,
            ClientSecret = TokenServer.Secret,
            Authority = _tokens.Url,
            TrustedCertificates = _folder.File("ca.pem"),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _tokens.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Events_come_with_one_token_for_many_requests()
    {
        await _stage.StartRelayAsync();
        await _stage.WatchAsync(Ann, "inbox");
        var mail = _stage.Server.DeliverMail(Ann, "Hello", Bob);
        await _stage.ToldAsync(Ann, mail, "Created NewMail");

        var form = Assert.Single(_tokens.Requests);
        Assert.Equal(
            ("client_credentials", TokenServer.Client, OAuthOptions.DefaultScope),
            (form["grant_type"], form["client_id"], form["scope"].Split(' ')[0]));
    }

    [Fact]
    public async Task A_token_that_Exchange_refuses_is_renewed_once_and_the_request_is_repeated()
    {
        await _stage.StartRelayAsync();
        Assert.True((await CheckAsync()).IsOk);
        _stage.Server.Arm(SimulatorFault.Unauthorized);
        Assert.True((await CheckAsync()).IsOk);
        Assert.Equal(2, _tokens.Requests.Count);

        // A server that refuses whatever it is shown is not asked, and does not make us ask, again and again.
        _stage.Server.Arm(SimulatorFault.Unauthorized, 100);
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("401", (await CheckAsync()).Sentence, StringComparison.Ordinal);
        }

        Assert.Equal(2, _tokens.Requests.Count);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends()
    {
        _tokens.Lasts = 299; // the library renews five minutes before
        await _stage.StartRelayAsync();
        Assert.True((await CheckAsync()).IsOk);
        Assert.True(_tokens.Requests.Count > 1);
    }

    [Fact]
    public async Task An_application_can_be_proven_by_a_certificate()
    {
        using var certificate = _authority.Issue("relay");
        _stage.Options.OAuth.ClientSecret = null;
        _stage.Options.OAuth.Certificate = certificate;
        await _stage.StartRelayAsync();

        Assert.True((await CheckAsync()).IsOk);
        var parts = Assert.Single(_tokens.Requests)["client_assertion"].Split('.');
        Assert.Equal(TokenServer.Client, Json(parts[1]).GetProperty("iss").GetString());
        var padding = Json(parts[0]).GetProperty("alg").GetString() == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        using var key = certificate.GetRSAPublicKey()!;
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Octets(parts[2]), HashAlgorithmName.SHA256, padding));
    }

    [Theory]
    [InlineData("a wrong secret", "wrong-secret", false, "AADSTS7000215", "Relay:Exchange:OAuth:ClientSecret")]
    [InlineData("a server of tokens that is down", TokenServer.Secret, true, "No token from localhost", "Relay:Exchange:OAuth:Authority")]
    public async Task Why_there_is_no_token_is_said(string why, string secret, bool isDown, string reason, string key)
    {
        _stage.Options.OAuth.ClientSecret = secret;
        _tokens.IsDown = isDown;
        await _stage.StartRelayAsync();

        var finding = await CheckAsync();

        Assert.False(finding.IsOk, why);
        Assert.Contains(reason, finding.Sentence, StringComparison.Ordinal);
        Assert.Contains(key, finding.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_tokens_whose_authority_nobody_trusts_is_refused()
    {
        _stage.Options.OAuth.TrustedCertificates = null;
        await _stage.StartRelayAsync();

        Assert.Contains("No token from localhost: TLS failed", (await CheckAsync()).Sentence, StringComparison.Ordinal);
        Assert.Empty(_tokens.Requests);
    }

    [Fact]
    public async Task Neither_secret_nor_token_is_logged()
    {
        await _stage.StartRelayAsync();
        await _stage.WatchAsync(Ann, "inbox");
        _stage.Server.Arm(SimulatorFault.Unauthorized, 5);
        _stage.Proxy.CutAll();
        await Eventually.TrueAsync(() => _stage.Server.ArmedFaults.Count == 0, "the refusals");
        _tokens.IsDown = true;
        await _stage.StopRelayAsync();
        await _stage.StartRelayAsync();
        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Contains("No token", StringComparison.Ordinal)), "a line of the failure");

        Assert.All(_log.Lines, line => Assert.DoesNotContain(TokenServer.Secret, line, StringComparison.Ordinal));
        Assert.All(_log.Lines, line => Assert.DoesNotContain("token-number-", line, StringComparison.Ordinal));
    }

    private async Task<ExchangeFinding> CheckAsync() => Assert.Single(await _stage.Probe.CheckAsync([Ann], CancellationToken.None));

    private static JsonElement Json(string part) => JsonDocument.Parse(Octets(part)).RootElement;

    private static byte[] Octets(string part) => System.Buffers.Text.Base64Url.DecodeFromChars(part);
}
