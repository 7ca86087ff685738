using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Relay.Exchange;
using Relay.Hosting;
using Relay.Settings;
using Relay.TestKit;

namespace Relay.Tests.Exchange;

public sealed class OptionsTests
{
    [Fact]
    public void The_defaults_need_only_an_address_and_an_account() => Assert.Empty(FaultsOf(_ => { }));

    [Fact]
    public void Every_fault_is_named_at_once_with_its_key()
    {
        var faults = FaultsOf(options =>
        {
            options.Url = new Uri("http://mail.example/EWS/Exchange.asmx");
            options.UserName = null;
            options.PullFastest = options.PullSlowest * 2;
            options.FirstRetry = options.LastRetry * 2;
            options.TrustedCertificates = "/nowhere/ca.pem";
        });

        foreach (var key in new[] { "Url", "UserName", "PullFastest", "FirstRetry", "TrustedCertificates" })
        {
            Assert.Contains(faults, fault => fault.StartsWith($"Relay:Exchange:{key} ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Basic in the clear to another machine", "http://mail.example/EWS/Exchange.asmx", true)]
    [InlineData("within the machine there is nobody to listen", "http://127.0.0.1:8026/EWS/Exchange.asmx", false)]
    [InlineData("TLS", "https://mail.example/EWS/Exchange.asmx", false)]
    [InlineData("no web address", "ftp://mail.example/EWS", true)]
    public void An_address_is_looked_at_for_what_it_gives_away(string why, string url, bool isWrong) =>
        Assert.True(isWrong == (FaultsOf(options => options.Url = new Uri(url)).Count > 0), why);

    [Theory]
    [InlineData("push needs an address", null, true)]
    [InlineData("that the schema takes", "mailto:relay@example.org", true)]
    [InlineData("such as this", "https://relay.example/push/word", false)]
    public void Push_must_know_where_Exchange_finds_the_relay(string why, string? url, bool isWrong)
    {
        var faults = FaultsOf(options =>
        {
            options.Mode = ExchangeMode.Push;
            options.PushUrl = url is null ? null : new Uri(url);
        });
        Assert.True(isWrong == (faults.Count > 0), why);
    }

    [Fact]
    public void Everything_that_an_application_lacks_is_named_at_once()
    {
        var faults = FaultsOf(options =>
        {
            options.Auth = ExchangeAuth.OAuth;
            options.Url = new Uri("http://mail.example/EWS/Exchange.asmx");
            options.Impersonate = false;
            options.OAuth.TrustedCertificates = "/nowhere/ca.pem";
        });

        foreach (var key in new[] { "Url", "Impersonate", "OAuth:TenantId", "OAuth:ClientId", "OAuth:ClientSecret", "OAuth:TrustedCertificates" })
        {
            Assert.Contains(faults, fault => fault.StartsWith($"Relay:Exchange:{key} ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("complete", "", "")]
    [InlineData("the secret on the first line of a file", "OAuth:ClientSecret=;OAuth:ClientSecretFile=FILE", "")]
    [InlineData("a secret and a certificate", "OAuth:CertificatePath=PEM", "OAuth:ClientSecret")]
    [InlineData("a certificate instead of the secret", "OAuth:ClientSecret=;OAuth:CertificatePath=PEM", "")]
    [InlineData("a certificate in PFX, whatever its name", "OAuth:ClientSecret=;OAuth:CertificatePath=PFX", "")]
    [InlineData("a certificate without its key", "OAuth:ClientSecret=;OAuth:CertificatePath=CA", "OAuth:CertificatePath")]
    [InlineData("a certificate that is none", "OAuth:ClientSecret=;OAuth:CertificatePath=FILE", "OAuth:CertificatePath")]
    [InlineData("a server of tokens in the clear", "OAuth:Authority=http://login.example", "OAuth:Authority")]
    [InlineData("authorities that are none", "OAuth:TrustedCertificates=FILE", "OAuth:TrustedCertificates")]
    [InlineData("authorities of Exchange that are none", "TrustedCertificates=FILE", "TrustedCertificates")]
    [InlineData("authorities", "TrustedCertificates=CA;OAuth:TrustedCertificates=CA", "")]
    [InlineData("no Exchange that it is for", "Url=", "Url")]
    [InlineData("a key that nobody knows", "OAuth:Secret=x", "OAuth:Secret")]
    public void Settings_of_an_application_are_read(string why, string changes, string faulty)
    {
        using var folder = new TempFolder();
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("relay");
        File.WriteAllText(folder.File("FILE"), "the secret");
        File.WriteAllText(folder.File("CA"), authority.Pem);
        File.WriteAllText(folder.File("PEM"), $"{certificate.ExportCertificatePem()}\n{certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem()}");
        File.WriteAllBytes(folder.File("PFX"), certificate.Export(X509ContentType.Pkcs12));
        var settings = new Dictionary<string, string?>
        {
            ["Relay:Exchange:Url"] = "https://outlook.office365.com/EWS/Exchange.asmx",
            ["Relay:Exchange:Auth"] = "OAuth",
            ["Relay:Exchange:OAuth:TenantId"] = "corp.example",
            ["Relay:Exchange:OAuth:ClientId"] = "an-application",
            ["Relay:Exchange:OAuth:ClientSecret"] = "the secret",
        };
        foreach (var pair in changes.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(change => change.Split('=', 2)))
        {
            settings[$"Relay:Exchange:{pair[0]}"] = pair[1] is "FILE" or "CA" or "PEM" or "PFX" ? folder.File(pair[1]) : pair[1];
        }

        var faults = FaultsOf(settings);

        Assert.True(faults.Count == 0 == (faulty.Length == 0), $"{why}: {string.Join(" ", faults)}");
        Assert.True(faults.Count == 0 || faults.Any(fault => fault.Contains($"Relay:Exchange:{faulty}", StringComparison.Ordinal)), string.Join(" ", faults));
        Assert.DoesNotContain(faults, fault => fault.Contains("the secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("the schema allows no more", "ConnectionMinutes", "31", "30")]
    [InlineData("Exchange's guidance", "MailboxesPerConnection", "201", "200")]
    [InlineData("a page holds something", "SyncPageSize", "0", "1")]
    [InlineData("Exchange takes a few seconds itself", "SettleAfter", "00:00:01", "00:00:03")]
    [InlineData("no more than ten questions a second", "PullFastest", "00:00:00.09", "00:00:00.1")]
    [InlineData("not above the slowest", "PullFastest", "00:01:01", "00:01:00")]
    [InlineData("not above the last", "FirstRetry", "00:02:01", "00:02:00")]
    public void A_value_out_of_its_range_is_named(string why, string key, string wrong, string right)
    {
        Assert.True(FaultsOf(new Dictionary<string, string?> { [$"Relay:Exchange:{key}"] = right }) is [], why);
        string fault = Assert.Single(FaultsOf(new Dictionary<string, string?> { [$"Relay:Exchange:{key}"] = wrong }));
        Assert.Contains($"Relay:Exchange:{key} is ", fault, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> FaultsOf(Dictionary<string, string?> settings)
    {
        try
        {
            RelaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            return [];
        }
        catch (SettingsFaultException wrong)
        {
            return [.. wrong.Faults];
        }
    }

    private static IReadOnlyList<string> FaultsOf(Action<ExchangeOptions> change)
    {
        var options = new ExchangeOptions { Url = new Uri("https://mail.example/EWS/Exchange.asmx"), UserName = "relay", Password = "secret" };
        change(options);
        return ExchangeOptionsValidator.Faults(options);
    }
}
