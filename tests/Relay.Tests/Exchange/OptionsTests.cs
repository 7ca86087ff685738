using Relay.Exchange;

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
            options.ConnectionMinutes = 31;
            options.MailboxesPerConnection = 201;
            options.SyncPageSize = 0;
            options.SettleAfter = TimeSpan.FromSeconds(1);
            options.TrustedCertificates = "/nowhere/ca.pem";
        });

        foreach (var key in new[] { "Url", "UserName", "ConnectionMinutes", "MailboxesPerConnection", "SyncPageSize", "SettleAfter", "TrustedCertificates" })
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

    private static IReadOnlyList<string> FaultsOf(Action<ExchangeOptions> change)
    {
        var options = new ExchangeOptions { Url = new Uri("https://mail.example/EWS/Exchange.asmx"), UserName = "relay", Password = "secret" };
        change(options);
        return [.. new ExchangeOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
