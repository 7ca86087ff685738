using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Client.Mail;
using Relay.Smtp.Client;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

/// <summary>What reaches a client unasked.</summary>
public sealed class IncomingMailTests : IAsyncLifetime
{
    private RelayDouble _relay = null!;
    private RelayMailClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await RelayDouble.StartAsync();
        _client = await StartAsync(takesNotifications: true, capacity: 100);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Notification_tells_events_sequence_and_chain()
    {
        _client.Chain.Begin("S", "w0");
        await SendAsync(_relay.Compose(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1"), Envelopes.NewMail("w2", "I2"))) with
        {
            ExtraFields = [("Relay-Subscription", "S"), ("Relay-Sequence", "17"), ("Relay-Watermark", "w2")],
        });
        var notification = Assert.IsType<IncomingMail.Notification>((await TakeAsync(1))[0]);
        Assert.Equal("NewMail in ann@corp.example/inbox", notification.Head.Subject);
        Assert.Equal(17, notification.Sequence);
        Assert.False(notification.CaughtUp);
        Assert.IsType<ChainLink.Joined>(notification.Chain);
        Assert.Equal(["I1", "I2"], notification.Content.Events.Select(one => one.Object.Id));
    }

    [Fact]
    public async Task Caught_up_events_are_marked()
    {
        SoapMail mail = _relay.Compose(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await SendAsync(mail with { ExtraFields = [("Relay-Caught-Up", "yes")] });
        Assert.True(Assert.IsType<IncomingMail.Notification>((await TakeAsync(1))[0]).CaughtUp);
    }

    [Fact]
    public async Task Repeat_is_passed_on_once_and_does_not_break_the_chain()
    {
        SoapMail first = _relay.Compose(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await SendAsync(first);
        await SendAsync(first);
        await SendAsync(_relay.Compose(Envelopes.Push("S", "w1", Envelopes.NewMail("w2", "I2"))));
        IReadOnlyList<IncomingMail> mails = await TakeAsync(2);
        Assert.Equal("I1", ((IncomingMail.Notification)mails[0]).Content.Events[0].Object.Id);
        Assert.Equal("I2", ((IncomingMail.Notification)mails[1]).Content.Events[0].Object.Id);
        Assert.IsType<ChainLink.Joined>(((IncomingMail.Notification)mails[1]).Chain);
    }

    [Fact]
    public async Task Lost_notification_is_reported_with_the_watermark_to_ask_from()
    {
        await SendAsync(_relay.Compose(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1"))));
        await SendAsync(_relay.Compose(Envelopes.Push("S", "w2", Envelopes.NewMail("w3", "I3"))));
        IReadOnlyList<IncomingMail> mails = await TakeAsync(2);
        Assert.Equal(new ChainLink.Broken("w1", "w2", "w3"), ((IncomingMail.Notification)mails[1]).Chain);
    }

    [Fact]
    public async Task Gap_names_its_subscription_and_its_time()
    {
        await SendAsync(_relay.Compose(Envelopes.Gap("S")) with
        {
            Subject = "Gap in ann@corp.example/inbox",
            ExtraFields = [("Relay-Gap", "2026-03-02T09:00:00Z 2026-03-02T09:05:00Z")],
        });
        var trouble = Assert.IsType<IncomingMail.Trouble>((await TakeAsync(1))[0]);
        Assert.Equal("S", trouble.SubscriptionId);
        Assert.Equal("ErrorMissedNotificationEvents", trouble.Error.ResponseCode);
        Assert.Equal("2026-03-02T09:00:00Z 2026-03-02T09:05:00Z", trouble.Period);
    }

    [Fact]
    public async Task Answer_that_nobody_waits_for_is_passed_on()
    {
        await SendAsync(_relay.Compose(Envelopes.Subscribed("S", "w0")) with { InReplyTo = "<from-yesterday@localhost>" });
        Assert.Equal("<from-yesterday@localhost>", Assert.IsType<IncomingMail.Answer>((await TakeAsync(1))[0]).InReplyTo);
    }

    [Theory]
    [InlineData("a person's note", "Message-ID: <n1@x>\r\nSubject: hello\r\n\r\nHow are you?\r\n")]
    [InlineData("no header at all", "\r\nHow are you?\r\n")]
    [InlineData("broken XML", "Message-ID: <n2@x>\r\nContent-Type: text/xml\r\n\r\n<Envelope\r\n")]
    public async Task Any_other_mail_is_passed_on_with_a_reason(string why, string mail)
    {
        Assert.IsType<DeliveryOutcome.Delivered>(await _relay.SendAsync(RelayDouble.App, Encoding.ASCII.GetBytes(mail)));
        Assert.False(string.IsNullOrEmpty(Assert.IsType<IncomingMail.Other>((await TakeAsync(1))[0]).Reason), why);
    }

    [Fact]
    public async Task Mail_for_another_address_is_refused()
    {
        DeliveryOutcome outcome = await _relay.SendAsync(RelayDouble.Address("someone@localhost"), "Subject: hello\r\n\r\n"u8.ToArray());
        Assert.Equal(550, Assert.IsType<DeliveryOutcome.Refused>(outcome).Reply.Code);
    }

    [Fact]
    public async Task Notification_is_put_off_while_nobody_listens()
    {
        await using RelayMailClient asking = await StartAsync(takesNotifications: false, capacity: 100);
        SoapMail notification = _relay.Compose(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        DeliveryOutcome outcome = await _relay.SendAsync(notification);
        Assert.Equal(451, Assert.IsType<DeliveryOutcome.Deferred>(outcome).Reply!.Code);
        Assert.Null(asking.Chain.LastSeen("S"));
    }

    [Fact]
    public async Task Notification_that_was_put_off_is_no_repeat_when_it_comes_again()
    {
        await using RelayMailClient full = await StartAsync(takesNotifications: true, capacity: 1);
        SoapMail second = _relay.Compose(Envelopes.Push("S", "w1", Envelopes.NewMail("w2", "I2")));
        await SendAsync(_relay.Compose(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1"))));
        Assert.IsType<DeliveryOutcome.Deferred>(await _relay.SendAsync(second));
        Assert.Equal("w1", full.Chain.LastSeen("S"));
        await TakeAsync(1, full);
        await SendAsync(second);
        Assert.IsType<ChainLink.Joined>(Assert.IsType<IncomingMail.Notification>((await TakeAsync(1, full))[0]).Chain);
    }

    private async Task SendAsync(SoapMail mail) => Assert.IsType<DeliveryOutcome.Delivered>(await _relay.SendAsync(mail));

    private async Task<IReadOnlyList<IncomingMail>> TakeAsync(int count, RelayMailClient? client = null)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var mails = new List<IncomingMail>();
        await foreach (IncomingMail mail in (client ?? _client).IncomingAsync(bound.Token))
        {
            mails.Add(mail);
            if (mails.Count == count)
            {
                break;
            }
        }
        return mails;
    }

    private async Task<RelayMailClient> StartAsync(bool takesNotifications, int capacity)
    {
        var options = new RelayMailOptions
        {
            From = RelayDouble.App,
            Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0),
            TakesNotifications = takesNotifications,
            IncomingCapacity = capacity,
        };
        RelayMailClient client = await RelayMailClient.StartAsync(options, TimeProvider.System, () => "unused", NullLoggerFactory.Instance,
            CancellationToken.None);
        _relay.ClientPort = client.EndPoint!.Port;
        return client;
    }
}
