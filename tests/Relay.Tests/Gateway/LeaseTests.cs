using Relay.Housekeeping;
using Relay.Operator;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>How long subscriptions live, and what their owners are told of it.</summary>
public sealed class LeaseTests : IAsyncLifetime
{
    private const string Ann = "ann@corp.example";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync(
        ("Access:Subscribers:0:Name", "branch"),
        ("Access:Subscribers:0:Address", "*@branch.example"),
        ("Access:Subscribers:0:Networks", "127.0.0.0/8"),
        ("Access:Subscribers:0:Mailboxes", "*"),
        ("Access:Subscribers:0:Lease", "4.00:00:00"));

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_push_subscription_hears_a_status_when_its_StatusFrequency_has_passed_without_events()
    {
        await SubscribeAsync(minutes: 30);
        _gateway.Pass(TimeSpan.FromMinutes(29));
        Deliver();
        Assert.Equal("NewMailEvent", Assert.Single((await NotificationAsync(1)).Events()).Name.LocalName);
        _gateway.Pass(TimeSpan.FromMinutes(29));
        await _gateway.SettledAsync();
        Assert.Single(Notifications());
        _gateway.Pass(TimeSpan.FromMinutes(1));
        var status = await NotificationAsync(2);
        Assert.Equal("StatusEvent", Assert.Single(status.Events()).Name.LocalName);
        Assert.Equal("Status of ann@corp.example/inbox", status.Subject);
        Assert.Equal(Notifications()[0].Field("Relay-Watermark"), status.Value("PreviousWatermark"));
        Assert.Empty(ExchangeSchema.Find()?.Violations(status.BodyText) ?? []);
    }

    [Fact]
    public async Task A_pull_subscription_ends_after_its_Timeout_without_requests()
    {
        var made = await _gateway.AskAsync(Mails.Pull(), "sub@branch.example");
        string id = made.Value("SubscriptionId")!;
        for (int i = 0; i < 3; i++)
        {
            _gateway.Pass(TimeSpan.FromMinutes(9));
            Assert.Equal("NoError", (await _gateway.AskAsync(Mails.GetEvents(id, made.Value("Watermark")!), $"get{i}@branch.example")).Value("ResponseCode"));
        }

        _gateway.Pass(TimeSpan.FromMinutes(11));
        Assert.Equal("ErrorExpiredSubscription", (await _gateway.AskAsync(Mails.GetEvents(id, made.Value("Watermark")!), "late@branch.example")).Value("ResponseCode"));
        Assert.Equal("ErrorSubscriptionNotFound", (await _gateway.AskAsync(Mails.GetEvents(id, made.Value("Watermark")!), "later@branch.example")).Value("ResponseCode"));
    }

    [Fact]
    public async Task The_owner_is_reminded_before_the_lease_ends_and_told_when_it_has_ended()
    {
        string id = await SubscribeAsync();
        _gateway.Pass(TimeSpan.FromDays(3));
        var reminder = await ReminderAsync();
        Assert.Equal(id, reminder.Field("Relay-Subscription"));
        Assert.StartsWith("Lease ends ", reminder.Subject, StringComparison.Ordinal);
        Assert.EndsWith(": ann@corp.example/inbox", reminder.Subject, StringComparison.Ordinal);
        Assert.Matches("^renew\\+[0-9a-f]+@localhost$", reminder.Field("Reply-To"));
        Assert.Contains("reply to this mail", reminder.AllText(), StringComparison.Ordinal);

        _gateway.Pass(TimeSpan.FromDays(1));
        var ended = await EndNoticeAsync();
        Assert.Equal("its lease is over", ended.Field("Relay-Ended"));
        Assert.Equal("Ended: ann@corp.example/inbox (its lease is over)", ended.Subject);
        Assert.Contains("ErrorExpiredSubscription", ended.AllText(), StringComparison.Ordinal);
        Assert.Contains(id, ended.AllText(), StringComparison.Ordinal);
        Deliver();
        await _gateway.SettledAsync();
        Assert.Same(ended, _gateway.Smarthost.Mails[^1]);
    }

    [Theory]
    [InlineData("a person replies to the reminder")]
    [InlineData("a program answers any notification with OK")]
    public async Task A_lease_is_renewed_when(string who)
    {
        await SubscribeAsync();
        Deliver();
        var notification = await NotificationAsync(1);
        _gateway.Pass(TimeSpan.FromDays(3));
        var reminder = await ReminderAsync();
        await (who.StartsWith("a person", StringComparison.Ordinal)
            ? _gateway.SendAsync(Mails.Mail("Yes please", "yes@branch.example", type: "text/plain"), reminder.Field("Reply-To")!)
            : _gateway.SendAsync(Mails.Request(Mails.Result(), "ok@branch.example", fields: $"In-Reply-To: {notification.MessageId}\n")));
        await Eventually.TrueAsync(() => _gateway.Outcomes().Count == 2, "the renewal");
        await _gateway.SettledAsync();
        _gateway.Pass(TimeSpan.FromHours(71));
        await _gateway.SettledAsync();
        Assert.Equal(1, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
        _gateway.Pass(TimeSpan.FromHours(1));
        await Eventually.TrueAsync(() => _gateway.Smarthost.Mails.Count(mail => mail.Field("Relay-Lease-Ends") is not null) == 2, "the next reminder");
    }

    [Fact]
    public async Task An_automatic_reply_renews_nothing()
    {
        await SubscribeAsync();
        _gateway.Pass(TimeSpan.FromDays(3));
        string renew = (await ReminderAsync()).Field("Reply-To")!;
        await _gateway.SendAsync(Mails.Mail("I am away", "away@branch.example", "Auto-Submitted: auto-replied\n", "text/plain"), renew);
        await Eventually.TrueAsync(() => _gateway.Outcomes().Any(outcome => outcome.StartsWith("not renewed", StringComparison.Ordinal)), "the judgement");
        _gateway.Pass(TimeSpan.FromDays(1));
        await EndNoticeAsync();
    }

    [Fact]
    public async Task A_new_Subscribe_with_the_last_watermark_begins_where_the_ended_one_stopped()
    {
        await SubscribeAsync();
        Deliver();
        string watermark = (await NotificationAsync(1)).Field("Relay-Watermark")!;
        _gateway.Pass(TimeSpan.FromDays(4));
        await EndNoticeAsync();
        Deliver();
        await _gateway.LoggedAsync(2);
        await _gateway.AskAsync(Mails.Push(watermark: $"<t:Watermark>{watermark}</t:Watermark>"), "again@branch.example");
        await Eventually.TrueAsync(() => Notifications().Any(mail => mail.Field("References") == "<again@branch.example>"), "the missed event");
        Assert.Equal(watermark, Notifications().Last(mail => mail.Field("References") == "<again@branch.example>").Value("PreviousWatermark"));
    }

    [Fact]
    public async Task What_the_settings_no_longer_allow_is_ended_at_the_next_start_and_not_notified_again()
    {
        string id = await SubscribeAsync();
        await _gateway.StopRelayAsync();
        Deliver();
        await _gateway.StartRelayAsync();
        await NotificationAsync(1);
        await _gateway.RestartAsync(("Access:Subscribers:0:Mailboxes", "*@other.example"));
        var ended = await EndNoticeAsync();
        Assert.Equal(id, ended.Field("Relay-Subscription"));
        Assert.Equal("its owner may not have it any more", ended.Field("Relay-Ended"));
        Deliver();
        await _gateway.SettledAsync();
        Assert.Single(Notifications());
        Assert.Equal(0, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task The_owner_is_told_that_the_operator_has_ended_it()
    {
        string id = await SubscribeAsync();
        var (done, sentence) = await new SubscriptionDesk(_gateway.Store, _gateway.Clock).EndAsync(id, CancellationToken.None);
        Assert.True(done, sentence);
        _gateway.Pass(TimeSpan.Zero);
        Assert.Equal("ended by the operator", (await EndNoticeAsync()).Field("Relay-Ended"));
    }

    public static TheoryData<string, string, string?> Rights => new()
    {
        { "nothing changed", "Access:Subscribers:0:Address", "*@branch.example" },
        { "another mailbox is allowed too", "Access:Subscribers:0:Mailboxes", "*@corp.example,bob@other.example" },
        { "the entry got a shorter lease", "Access:Subscribers:0:Lease", "1.00:00:00" },
    };

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task A_subscription_lives_on_where(string why, string key, string? value)
    {
        Assert.NotEmpty(why);
        await SubscribeAsync();
        await _gateway.RestartAsync((key, value));
        Deliver();
        await NotificationAsync(1);
    }

    [Fact]
    public async Task A_mail_that_waits_is_not_sent_once_the_right_is_gone()
    {
        await SubscribeAsync();
        _gateway.Smarthost.Next(MailServerStage.Content, new MailServerOrder.Answer("451 4.3.0 later"));
        Deliver();
        await Eventually.TrueAsync(() => _gateway.Smarthost.Transcript.Contains("451 4.3.0 later", StringComparison.Ordinal), "a deferral");
        int offered = Notifications().Count;
        await _gateway.RestartAsync(("Access:Subscribers:0:Address", "*@elsewhere.example"));
        await EndNoticeAsync();
        await _gateway.SettledAsync();
        Assert.Equal(offered, Notifications().Count);
    }

    [Fact]
    public async Task Events_older_than_thirty_days_are_removed_in_steps_and_their_watermarks_refused()
    {
        var made = await _gateway.AskAsync(Mails.Pull(period: "<t:Timeout>1440</t:Timeout>"), "sub@branch.example");
        string id = made.Value("SubscriptionId")!;
        Deliver();
        await _gateway.LoggedAsync(1);
        string paused = await SubscribeAsync();
        await _gateway.AskAsync(
            $"<r:PauseSubscription xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{paused}</r:SubscriptionId></r:PauseSubscription>", "pause@branch.example");
        await AppendAsync(1200);
        _gateway.Clock.Shift(TimeSpan.FromDays(31));
        await _gateway.Store.CommitAsync(t => t.Subscriptions.Touch(t.Subscriptions.FindByPublicId(id)!.Id, _gateway.Clock.GetUtcNow()), CancellationToken.None);
        await _gateway.Service<HousekeepingWorker>().RoundAsync(CancellationToken.None);
        Assert.Equal(_gateway.Store.Read(t => t.Events.End()), _gateway.Store.Read(t => t.Events.OldestRetained()));
        var aged = await _gateway.AskAsync(Mails.GetEvents(id, made.Value("Watermark")!), "get@branch.example");
        Assert.Equal(("ErrorInvalidWatermark", "The watermark is invalid."), (aged.Value("ResponseCode"), aged.Value("MessageText")));
        var subscribe = await _gateway.AskAsync(Mails.Pull(watermark: $"<t:Watermark>{made.Value("Watermark")}</t:Watermark>"), "old@branch.example");
        Assert.Equal("ErrorInvalidWatermark", subscribe.Value("ResponseCode"));
        Assert.NotEqual(0, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task A_subscription_that_was_held_back_for_longer_than_events_are_kept_is_ended()
    {
        await _gateway.RestartAsync(("Access:Subscribers:0:Lease", null));
        string id = await SubscribeAsync();
        await _gateway.AskAsync(
            $"<r:PauseSubscription xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{id}</r:SubscriptionId></r:PauseSubscription>", "pause@branch.example");
        await AppendAsync(2);
        _gateway.Clock.Shift(TimeSpan.FromDays(31));
        await _gateway.Service<HousekeepingWorker>().RoundAsync(CancellationToken.None);
        Assert.Equal("it was held back for longer than events are kept", (await EndNoticeAsync()).Field("Relay-Ended"));
    }

    private Task<IReadOnlyList<LogPosition>> AppendAsync(int events) => _gateway.Store.CommitAsync(
        t => t.Events.Append(
            t.Watches.MailboxId("nobody@corp.example"), [.. Enumerable.Range(0, events).Select(i => Store.StoreContract.Event($"i{i}"))], false, _gateway.Clock.GetUtcNow()),
        CancellationToken.None);

    private async Task<string> SubscribeAsync(int minutes = 1440) => (await _gateway.AskAsync(
        Mails.Push(period: $"<t:StatusFrequency>{minutes}</t:StatusFrequency>"), "push@branch.example")).Value("SubscriptionId")!;

    private void Deliver() => _gateway.Exchange.DeliverMail(Ann, "Order", "shop@web.example");

    private IReadOnlyList<RecordedMail> Notifications() => [.. _gateway.Smarthost.Mails.Where(mail => mail.Field("Relay-Sequence") is not null)];

    private Task<RecordedMail> NotificationAsync(int sequence) =>
        _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == $"{sequence}", $"notification {sequence}");

    private Task<RecordedMail> ReminderAsync() => _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Lease-Ends") is not null, "the reminder");

    private Task<RecordedMail> EndNoticeAsync() => _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Ended") is not null, "the end notice");

    [Fact]
    public async Task An_entry_without_a_name_keeps_its_subscriptions_wherever_it_stands_and_across_the_upgrade()
    {
        await _gateway.RestartAsync(("Access:Subscribers:0:Name", null));
        string id = await SubscribeAsync();
        await _gateway.StopRelayAsync();
        await _gateway.DamageAsync($"UPDATE subscription SET principal = '0/app@branch.example', principal_key = {TextKey.Of("0/app@branch.example")} WHERE ended_at IS NULL");
        await _gateway.StartRelayAsync();
        await _gateway.RestartAsync(
            ("Access:Subscribers:0:Address", "*@first.example"),
            ("Access:Subscribers:1:Address", "*@branch.example"),
            ("Access:Subscribers:1:Networks", "127.0.0.0/8"),
            ("Access:Subscribers:1:Mailboxes", "*"));
        Deliver();
        Assert.Equal(id, (await NotificationAsync(1)).Field("Relay-Subscription"));
        Assert.Equal("NoError", (await _gateway.AskAsync(Mails.Unsubscribe(id), "end@branch.example")).Value("ResponseCode"));
    }
}
