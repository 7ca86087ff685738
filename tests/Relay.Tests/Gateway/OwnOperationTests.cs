using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

public sealed class OwnOperationTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Ping_says_who_the_sender_is_to_the_relay()
    {
        var answer = await _gateway.AskAsync("<r:Ping xmlns:r='urn:soap-relay:v1'/>", "1@branch.example");
        Assert.Equal("PingResponse", answer.Operation().Name.LocalName);
        Assert.Equal("urn:soap-relay:v1", answer.Operation().Name.NamespaceName);
        Assert.Equal("app@branch.example", answer.Value("Sender"));
        Assert.NotNull(answer.Value("Version"));
    }

    [Fact]
    public async Task A_sender_sees_its_own_subscriptions_only()
    {
        string id = (await _gateway.AskAsync(Mails.Push(), "1@branch.example")).Value("SubscriptionId")!;
        var list = await _gateway.AskAsync("<r:ListSubscriptions xmlns:r='urn:soap-relay:v1'/>", "2@branch.example");
        Assert.Equal(id, Assert.Single(list.Operation().Elements()).Elements().First().Value);
        Assert.Equal("ann@corp.example", list.Value("Mailbox"));
        await _gateway.SendAsync(Mails.Request("<r:ListSubscriptions xmlns:r='urn:soap-relay:v1'/>", "3@branch.example")
            .Replace("From: app@", "From: other@", StringComparison.Ordinal));
        var others = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<3@branch.example>", "the answer");
        Assert.Empty(others.Operation().Elements());
    }

    [Fact]
    public async Task What_comes_while_a_subscription_is_paused_follows_when_it_is_resumed()
    {
        string id = (await _gateway.AskAsync(Mails.Push(), "1@branch.example")).Value("SubscriptionId")!;
        Assert.Equal("Paused", (await _gateway.AskAsync(State("Pause", id), "2@branch.example")).Value("State"));
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 2", "shop@web.example");
        await Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Events.End()).Value >= 2, "the events in the log");
        await _gateway.SettledAsync();
        Assert.DoesNotContain(_gateway.Smarthost.Mails, IsNotification);
        Assert.Equal("Active", (await _gateway.AskAsync(State("Resume", id), "3@branch.example")).Value("State"));
        await Eventually.TrueAsync(() => _gateway.Smarthost.Mails.Where(IsNotification).Sum(mail => mail.Events().Count) == 2, "both events");
    }

    [Theory]
    [InlineData("Get")]
    [InlineData("Pause")]
    [InlineData("Resume")]
    public async Task Another_senders_subscription_cannot_be_touched(string operation)
    {
        string id = (await _gateway.AskAsync(Mails.Push(), "1@branch.example")).Value("SubscriptionId")!;
        await _gateway.SendAsync(Mails.Request(State(operation, id), "2@branch.example").Replace("From: app@", "From: thief@", StringComparison.Ordinal));
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2@branch.example>", "the answer");
        Assert.Equal("ErrorSubscriptionAccessDenied", answer.Value("ResponseCode"));
        Assert.Equal("ErrorSubscriptionNotFound", (await _gateway.AskAsync(State(operation, "bm9uZQ=="), "3@branch.example")).Value("ResponseCode"));
    }

    private static string State(string operation, string id) =>
        $"<r:{operation}Subscription xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{id}</r:SubscriptionId></r:{operation}Subscription>";

    private static bool IsNotification(RecordedMail mail) => mail.Field("Relay-Sequence") is not null;
}
