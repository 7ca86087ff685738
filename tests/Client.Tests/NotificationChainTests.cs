using Relay.Client.Mail;
using Relay.Wire.Ews;

namespace Relay.Client.Tests;

public sealed class NotificationChainTests
{
    [Fact]
    public void First_notification_of_an_unknown_subscription_proves_nothing() =>
        Assert.IsType<ChainLink.First>(new NotificationChain().Follow(Notification("S", "w0", "w1")));

    [Fact]
    public void Notification_after_the_begun_watermark_is_joined()
    {
        var chain = new NotificationChain();
        chain.Begin("S", "w0");
        Assert.IsType<ChainLink.Joined>(chain.Follow(Notification("S", "w0", "w1", "w2")));
        Assert.Equal("w2", chain.LastSeen("S"));
        Assert.IsType<ChainLink.Joined>(chain.Follow(Notification("S", "w2", "w3")));
    }

    [Fact]
    public void Notification_may_overtake_the_watermark_it_follows()
    {
        var chain = new NotificationChain();
        chain.Follow(Notification("S", "w0", "w1"));
        chain.Begin("S", "w0");
        Assert.IsType<ChainLink.Joined>(chain.Follow(Notification("S", "w1", "w2")));
    }

    [Fact]
    public void Lost_notification_breaks_the_chain_once()
    {
        var chain = new NotificationChain();
        chain.Begin("S", "w0");
        Assert.Equal(new ChainLink.Broken("w0", "w1", "w2"), chain.Follow(Notification("S", "w1", "w2")));
        Assert.IsType<ChainLink.Joined>(chain.Follow(Notification("S", "w2", "w3")));
    }

    [Fact]
    public void Subscriptions_have_chains_of_their_own()
    {
        var chain = new NotificationChain();
        chain.Begin("S", "w0");
        chain.Begin("T", "v0");
        Assert.IsType<ChainLink.Joined>(chain.Follow(Notification("T", "v0", "v1")));
        Assert.IsType<ChainLink.Joined>(chain.Follow(Notification("S", "w0", "w1")));
    }

    [Fact]
    public void Notification_without_watermarks_leaves_the_chain()
    {
        var chain = new NotificationChain();
        chain.Begin("S", "w0");
        var without = new EwsNotification("S", null, null, [MailboxEvent.Status(null)]);
        Assert.IsType<ChainLink.Unmoved>(chain.Follow(without));
        Assert.Equal("w0", chain.LastSeen("S"));
    }

    [Fact]
    public void Heartbeat_is_a_link_too()
    {
        var chain = new NotificationChain();
        chain.Begin("S", "w0");
        var heartbeat = new EwsNotification("S", "w0", false, [MailboxEvent.Status("w0")]);
        Assert.IsType<ChainLink.Joined>(chain.Follow(heartbeat));
        Assert.IsType<ChainLink.Broken>(chain.Follow(heartbeat with { PreviousWatermark = "w9" }));
    }

    private static EwsNotification Notification(string subscription, string previous, params string[] watermarks) => new(
        subscription, previous, false,
        [.. watermarks.Select(watermark => new MailboxEvent { Type = MailboxEventType.NewMail, Watermark = watermark })]);
}
