using System.Xml.Linq;

namespace Relay.Client.Tests;

/// <summary>The commands whose operations are the relay's own.</summary>
public sealed class RelayCommandTests : CommandTest
{
    private static readonly XNamespace R = "urn:soap-relay:v1";

    [Fact]
    public async Task Ping_tells_how_long_the_mail_took()
    {
        AnswerWith(Envelopes.Wrap(new XElement(R + "PingResponse", new XElement(R + "Version", "0.1.0"))));
        CommandRun run = CommandRun.Against(Relay, ["ping"]);
        await run.EndsWithAsync(0);
        Assert.Matches(@"^The relay answered after \d+ ms\.$", run.Lines[0]);
        Assert.Equal("  Version: 0.1.0", run.Lines[1]);
        Assert.Equal(R + "Ping", Envelope(await Relay.RequestAsync()).Body!.Name);
    }

    [Fact]
    public async Task List_prints_each_subscription()
    {
        AnswerWith(Envelopes.Wrap(new XElement(R + "ListSubscriptionsResponse", Subscription("S", "Active"), Subscription("T", "Paused"))));
        CommandRun run = CommandRun.Against(Relay, ["list", "--json"]);
        await run.EndsWithAsync(0);
        Assert.Equal(["S", "T"], run.Json.Select(one => one.GetProperty("subscriptionId").GetString()));
        Assert.Equal("Paused", run.Json[1].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("show", "GetSubscription")]
    [InlineData("pause", "PauseSubscription")]
    [InlineData("resume", "ResumeSubscription")]
    public async Task Subscription_is_named_in_the_request_and_shown_from_the_answer(string command, string operation)
    {
        AnswerWith(Envelopes.Wrap(new XElement(R + $"{operation}Response", Subscription("S", "Active"))));
        CommandRun run = CommandRun.Against(Relay, [command, "S"]);
        await run.EndsWithAsync(0);
        Assert.Contains("State: Active", run.Out, StringComparison.Ordinal);
        XElement asked = Envelope(await Relay.RequestAsync()).Body!;
        Assert.Equal(R + operation, asked.Name);
        Assert.Equal("S", asked.Element(R + "SubscriptionId")!.Value);
    }

    [Fact]
    public async Task Token_is_confirmed()
    {
        AnswerWith(Envelopes.Wrap(new XElement(R + "ConfirmSubscriptionResponse", Subscription("S", "Active"))));
        CommandRun run = CommandRun.Against(Relay, ["confirm", "t0ken"]);
        await run.EndsWithAsync(0);
        Assert.Equal("Confirmed.", run.Lines[0]);
        Assert.Equal("t0ken", Envelope(await Relay.RequestAsync()).Body!.Element(R + "Token")!.Value);
    }

    [Fact]
    public async Task Refusal_is_a_sentence_with_the_code()
    {
        AnswerWith(Envelopes.Refusal("PauseSubscription", "ErrorSubscriptionNotFound", "The specified subscription was not found."));
        CommandRun run = CommandRun.Against(Relay, ["pause", "S"]);
        await run.EndsWithAsync(1);
        Assert.Contains("(ErrorSubscriptionNotFound)", run.Error, StringComparison.Ordinal);
    }

    private static XElement Subscription(string id, string state) =>
        new(R + "Subscription", new XElement(R + "SubscriptionId", id), new XElement(R + "State", state));
}
