using Microsoft.Extensions.Configuration;
using Relay.Outbound;
using Relay.Settings;
using Relay.Smtp.Client;

namespace Relay.Tests.Outbound;

public sealed class RouteOptionsTests
{
    [Theory]
    [InlineData("exactly", "branch.example", "branch.example", true)]
    [InlineData("in any case", "Branch.example", "bRANCH.EXAMPLE", true)]
    [InlineData("not those below", "branch.example", "a.branch.example", false)]
    [InlineData("not one that ends alike", "branch.example", "mybranch.example", false)]
    [InlineData("below, by a dot", ".branch.example", "a.b.branch.example", true)]
    [InlineData("below, by an asterisk", "*.branch.example", "a.branch.example", true)]
    [InlineData("the domain itself is not below it", ".branch.example", "branch.example", false)]
    [InlineData("nothing stands before the dot", ".branch.example", ".branch.example", false)]
    [InlineData("every domain", "*", "any.example", true)]
    public void A_pattern_fits(string why, string pattern, string domain, bool fits) =>
        Assert.True(new RouteOptions(pattern, new SmarthostOptions("mx", 25, SmtpClientTls.None, null, null)).Fits(domain) == fits, why);

    [Theory]
    [InlineData("none", "", "mx", "Relay:Delivery:Routes:0:Domain")]
    [InlineData("an asterisk in the middle", "a*b", "mx", "Relay:Delivery:Routes:0:Domain")]
    [InlineData("an asterisk without its dot", "*branch.example", "mx", "Relay:Delivery:Routes:0:Domain")]
    [InlineData("no domain", "a b", "mx", "Relay:Delivery:Routes:0:Domain")]
    [InlineData("no domain below a dot", ".-x", "mx", "Relay:Delivery:Routes:0:Domain")]
    [InlineData("a dot alone", ".", "mx", "Relay:Delivery:Routes:0:Domain")]
    [InlineData("no host", "branch.example", "", "Relay:Delivery:Routes:0:Host")]
    public void A_wrong_route_is_a_fault(string why, string domain, string host, string key)
    {
        var faults = new List<string>();
        Read(faults, ("Routes:0:Domain", domain), ("Routes:0:Host", host));
        Assert.True(faults is [var fault] && fault.StartsWith(key, StringComparison.Ordinal), $"{why}: {string.Join('|', faults)}");
    }

    public static TheoryData<string, string[], string> Smarthosts => new()
    {
        { "nothing given: the default", [], "127.0.0.1:8024" },
        { "the single one", ["Smarthost:Port=2525"], "127.0.0.1:2525" },
        { "a list alone replaces the default", ["Smarthosts:0:Host=mx1", "Smarthosts:1:Host=mx2", "Smarthosts:1:Port=587"], "mx1:25 mx2:587" },
        { "the single one stands before the list", ["Smarthost:Host=mx0", "Smarthosts:0:Host=mx1"], "mx0:8024 mx1:25" },
    };

    [Theory]
    [MemberData(nameof(Smarthosts))]
    public void Smarthosts_are_tried_in_this_order(string why, string[] settings, string expected)
    {
        var faults = new List<string>();
        var options = Read(faults, [.. settings.Select(setting => (setting.Split('=')[0], setting.Split('=')[1]))]);
        Assert.Empty(faults);
        Assert.True(expected == string.Join(' ', options.Smarthosts), why);
    }

    private static DeliveryOptions Read(List<string> faults, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(pair => $"Relay:Delivery:{pair.Key}", pair => (string?)pair.Value))
            .Build();
        return DeliveryOptions.Read(SettingsReader.For(configuration.GetSection("Relay"), faults).Section("Delivery"));
    }
}
