using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>Subscriptions whose notifications must be acknowledged: repeated on Exchange's schedule, ended when nothing comes.</summary>
public sealed class AcknowledgementTests : IAsyncLifetime
{
    private const string Demand = "<s:Header><r:Acknowledge xmlns:r='urn:soap-relay:v1' s:mustUnderstand='1'/></s:Header>";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    public static TheoryData<string, int, int[]> Schedules => new()
    {
        { "one minute leaves room for two", 1, [30, 60] },
        { "five minutes: 0:30, 1, 2, 4", 5, [30, 60, 120, 240] },
        { "thirty minutes: six repeats", 30, [30, 60, 120, 240, 480, 960] },
    };

    [Theory]
    [MemberData(nameof(Schedules))]
    public async Task Without_an_acknowledgement_the_mail_is_repeated_and_the_subscription_ended(string why, int statusFrequency, int[] seconds)
    {
        Assert.NotEmpty(why);
        await SubscribeAsync(statusFrequency);
        Deliver();
        var first = await NotificationAsync(1);
        await MailedAsync();
        int passed = 0;
        for (int i = 0; i < seconds.Length; i++)
        {
            _gateway.Pass(TimeSpan.FromSeconds(seconds[i] - passed - 2));
            await _gateway.SettledAsync();
            Assert.Equal(1 + i, Copies(first).Count);
            _gateway.Pass(TimeSpan.FromSeconds(2));
            await Eventually.TrueAsync(() => Copies(first).Count == 2 + i, $"repeat {i + 1}");
            await _gateway.SettledAsync();
            passed = seconds[i];
        }

        Assert.All(Copies(first), copy => Assert.True(copy.Content.Span.SequenceEqual(first.Content.Span)));
        _gateway.Pass(TimeSpan.FromSeconds(Math.Max(statusFrequency * 60, seconds[^1] + 30) - passed));
        var ended = await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Ended") is not null, "the end notice");
        Assert.Equal("no acknowledgement came", ended.Field("Relay-Ended"));
        Assert.Equal(1 + seconds.Length, Copies(first).Count);
        Assert.Equal(0, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task A_schedule_that_was_held_up_is_not_made_up_for_at_once()
    {
        await SubscribeAsync(1);
        Deliver();
        var first = await NotificationAsync(1);
        await MailedAsync();
        for (int stop = 1; stop <= 2; stop++)
        {
            await _gateway.StopRelayAsync();
            _gateway.Clock.Shift(TimeSpan.FromHours(5));
            await _gateway.StartRelayAsync();
            await Eventually.TrueAsync(() => Copies(first).Count == 1 + stop, $"repeat {stop}");
            await _gateway.SettledAsync();
            _gateway.Pass(TimeSpan.FromSeconds(10));
            await _gateway.SettledAsync();
            Assert.Equal(1 + stop, Copies(first).Count);
            Assert.Equal(1, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
        }

        Assert.EndsWith("1, which was awaited", await AcknowledgeAsync("a", first), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_mail_waits_for_the_acknowledgement_and_holds_all_that_came_meanwhile()
    {
        await SubscribeAsync(30);
        Deliver();
        var first = await NotificationAsync(1);
        Deliver();
        Deliver();
        await _gateway.LoggedAsync(3);
        await _gateway.SettledAsync();
        Assert.Single(Notifications());
        Assert.EndsWith("1, which was awaited", await AcknowledgeAsync("a", first), StringComparison.Ordinal);
        var second = await NotificationAsync(2);
        Assert.Equal(2, second.Events().Count);
        Assert.Equal(first.Field("Relay-Watermark"), second.Value("PreviousWatermark"));
        _gateway.Pass(TimeSpan.FromSeconds(20));
        await AcknowledgeAsync("b", second);
        _gateway.Pass(TimeSpan.FromMinutes(20));
        await _gateway.SettledAsync();
        Assert.Equal(2, Notifications().Count);
    }

    [Fact]
    public async Task An_acknowledgement_between_two_repeats_ends_them()
    {
        await SubscribeAsync(30);
        Deliver();
        var first = await NotificationAsync(1);
        await MailedAsync();
        _gateway.Pass(TimeSpan.FromSeconds(31));
        await Eventually.TrueAsync(() => Copies(first).Count == 2, "the repeat");
        await _gateway.SettledAsync();
        await AcknowledgeAsync("a", first);
        _gateway.Pass(TimeSpan.FromMinutes(25));
        await _gateway.SettledAsync();
        Assert.Equal(2, Copies(first).Count);
        Assert.Equal(1, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task Late_repeated_and_foreign_acknowledgements_let_nothing_go()
    {
        await SubscribeAsync(30);
        Deliver();
        var first = await NotificationAsync(1);
        await AcknowledgeAsync("a", first);
        Deliver();
        var second = await NotificationAsync(2);
        Deliver();
        await _gateway.LoggedAsync(3);

        Assert.EndsWith("1 again or late", await AcknowledgeAsync("b", first), StringComparison.Ordinal);
        Assert.EndsWith("none of the sender's notifications", await AcknowledgeAsync("c", second, "thief@branch.example"), StringComparison.Ordinal);
        string forged = second.MessageId!.Replace("n.1.", "n.2.", StringComparison.Ordinal);
        Assert.EndsWith("none of the sender's notifications", await AcknowledgeAsync("d", second, id: forged), StringComparison.Ordinal);
        await _gateway.SettledAsync();
        Assert.Equal(2, Notifications().Count);

        await AcknowledgeAsync("e", second);
        await NotificationAsync(3);
        await _gateway.AskAsync(Mails.Unsubscribe(first.Field("Relay-Subscription")!), "end@branch.example");
        Assert.EndsWith("its subscription has ended", await AcknowledgeAsync("f", second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schedule_begins_when_the_mail_server_has_the_mail_and_survives_a_restart()
    {
        await SubscribeAsync(1);
        _gateway.Smarthost.Next(MailServerStage.Content, new MailServerOrder.Answer("451 4.3.0 later"));
        Deliver();
        await Eventually.TrueAsync(() => _gateway.Smarthost.Transcript.Contains("451 4.3.0 later", StringComparison.Ordinal), "a deferral");
        int refused = Notifications().Count;
        _gateway.Pass(TimeSpan.FromMinutes(10));
        await Eventually.TrueAsync(() => Notifications().Count == refused + 1, "the mail");
        await MailedAsync();
        await _gateway.StopRelayAsync();
        _gateway.Clock.Shift(TimeSpan.FromSeconds(31));
        await _gateway.StartRelayAsync();
        await Eventually.TrueAsync(() => Notifications().Count == refused + 2, "the repeat");
        Assert.Single(Notifications().Select(mail => mail.MessageId).Distinct());
    }

    [Fact]
    public async Task An_entry_may_demand_acknowledgements_for_all_of_its_subscriptions()
    {
        await _gateway.RestartAsync(
            ("Access:Subscribers:0:Address", "*"),
            ("Access:Subscribers:0:Networks", "127.0.0.0/8"),
            ("Access:Subscribers:0:Mailboxes", "*"),
            ("Access:Subscribers:0:DemandAcknowledgement", "true"));
        await SubscribeAsync(30, header: "");
        Deliver();
        var first = await NotificationAsync(1);
        await MailedAsync();
        _gateway.Pass(TimeSpan.FromSeconds(31));
        await Eventually.TrueAsync(() => Copies(first).Count == 2, "the repeat");
    }

    [Fact]
    public async Task A_Subscribe_that_demands_acknowledgements_is_valid_by_the_Exchange_schema()
    {
        var schema = ExchangeSchema.Find();
        Assert.SkipWhen(schema is null, ExchangeSchema.Missing);
        Assert.Empty(schema!.Violations(Mails.Envelope(Mails.Push(), header: Demand)));
        Assert.Empty(schema!.Violations(Mails.Envelope(Mails.Result())));
        Assert.Equal("NoError", (await SubscribeAsync(30)).Value("ResponseCode"));
    }

    private async Task<RecordedMail> SubscribeAsync(int statusFrequency, string header = Demand)
    {
        string body = Mails.Push(period: $"<t:StatusFrequency>{statusFrequency}</t:StatusFrequency>");
        await _gateway.SendAsync(Mails.Request(body, "sub@branch.example", header: header));
        return await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<sub@branch.example>", "the answer");
    }

    private void Deliver() => _gateway.Exchange.DeliverMail("ann@corp.example", "Order", "shop@web.example");

    // The schedule has begun: the relay knows that the mail server has the mail.
    private Task MailedAsync() => Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Subscriptions.NextWake()) is not null, "the schedule");

    private IReadOnlyList<RecordedMail> Notifications() => [.. _gateway.Smarthost.Mails.Where(mail => mail.Field("Relay-Sequence") is not null)];

    private IReadOnlyList<RecordedMail> Copies(RecordedMail mail) => [.. _gateway.Smarthost.Mails.Where(other => other.MessageId == mail.MessageId)];

    private Task<RecordedMail> NotificationAsync(int sequence) =>
        _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == $"{sequence}", $"notification {sequence}");

    private async Task<string> AcknowledgeAsync(string name, RecordedMail notification, string from = "app@branch.example", string? id = null)
    {
        int before = _gateway.Outcomes().Count;
        await _gateway.SendAsync(Mails.Request(Mails.Result(), $"{name}@ack.example", fields: $"In-Reply-To: {id ?? notification.MessageId}\nAuto-Submitted: auto-replied\n")
            .Replace("From: app@branch.example", $"From: {from}", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => _gateway.Outcomes().Count > before && _gateway.Outcomes()[^1].Length > 0, "the acknowledgement");
        return _gateway.Outcomes()[^1];
    }
}
