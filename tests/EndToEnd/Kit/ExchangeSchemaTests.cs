using Relay.TestKit;

namespace Relay.EndToEnd.Kit;

/// <summary>Verdicts that are known of real traffic and of hand-made errors.</summary>
public sealed class ExchangeSchemaTests
{
    private const string Subscribe = """
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
        <m:Subscribe xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
          xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">
        <m:PullSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id="inbox"/></t:FolderIds>
        <t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>{0}</m:PullSubscriptionRequest></m:Subscribe></s:Body></s:Envelope>
        """;

    [Theory]
    [InlineData("well formed", "<t:Timeout>10</t:Timeout>", 0)]
    [InlineData("Timeout is required", "", 1)]
    [InlineData("at most a day", "<t:Timeout>1441</t:Timeout>", 1)]
    [InlineData("the sequence is enforced", "<t:Timeout>10</t:Timeout><t:Watermark>w</t:Watermark>", 1)]
    public void Pull_subscriptions_get_the_known_verdict(string why, string timeout, int violations)
    {
        ExchangeSchema schema = Schema();

        Assert.True(Math.Min(1, schema.Violations(Subscribe.Replace("{0}", timeout)).Count) == violations, why);
    }

    private static ExchangeSchema Schema()
    {
        ExchangeSchema? schema = ExchangeSchema.Find();
        Assert.SkipWhen(schema is null, ExchangeSchema.Missing);
        return schema;
    }
}
