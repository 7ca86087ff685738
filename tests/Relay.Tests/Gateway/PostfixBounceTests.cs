using System.Globalization;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>A real Postfix as the smarthost, which takes our mail, finds that it cannot be delivered and says so.</summary>
public sealed class PostfixBounceTests
{
    [Theory]
    [InlineData("an address that does not exist suspends", "550 5.1.1 no such user", "Suspended")]
    [InlineData("a full mailbox counts", "552 5.2.2 mailbox full", "Active")]
    public async Task What_Postfix_reports_reaches_the_subscription(string why, string refusal, string state)
    {
        Assert.SkipWhen(PostfixInstance.Absence is not null, PostfixInstance.Absence ?? "");
        int port = FreePort.Next();
        await using var gateway = await TestGateway.StartAsync(("Delivery:Smarthost:Port", port.ToString(CultureInfo.InvariantCulture)));
        await using var postfix = await PostfixInstance.StartAsync(
            $"smtp:[127.0.0.1]:{gateway.Smarthost.Port}", port, $"transport_maps = inline:{{ {{ localhost = smtp:[127.0.0.1]:{gateway.Port} }} }}");
        await gateway.AskAsync(Mails.Push("CreatedEvent"), "sub@branch.example");
        await gateway.StreamingAsync();
        gateway.Smarthost.ForRecipient("app@branch.example", new MailServerOrder.Answer(refusal));
        gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");

        var subscription = gateway.Store.Read(t => t.Subscriptions.Active())[0];
        await Eventually.TrueAsync(
            () => gateway.Store.Read(t => t.Bounces.Find(subscription.Id)) is not null,
            $"{why}; Postfix: {postfix.Log}; the gateway: {string.Join('|', gateway.Outcomes())}",
            TimeSpan.FromSeconds(60));
        Assert.Equal(Enum.Parse<SubscriptionState>(state), gateway.Store.Read(t => t.Subscriptions.Find(subscription.Id))!.State);
        var mail = gateway.Store.Read(t => t.Outbox.LastOfSubscription(subscription.Id))!;
        Assert.Equal(OutboxState.GivenUp, mail.State);
        Assert.Contains(refusal.Split(' ')[1], mail.Note, StringComparison.Ordinal);
    }
}
