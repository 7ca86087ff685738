using System.Globalization;
using Relay.Bounces;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Tests.Bounces;

namespace Relay.Tests.Gateway;

/// <summary>What comes back to the return path of a subscription, and what that does to it.</summary>
public sealed class BounceTests : IAsyncLifetime
{
    private const string Subscriber = "app@branch.example";

    private TestGateway _gateway = null!;
    private string _publicId = "";
    private int _delivered;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(
            ("Delivery:Bounces:ProbeAfter", "01:00:00"), ("Delivery:Bounces:ProbeSilence", "01:00:00"), ("Delivery:Bounces:EndAfter", "3.00:00:00"));
        var answer = await _gateway.AskAsync(Mails.Push("CreatedEvent"), "sub@branch.example");
        _publicId = answer.Value("SubscriptionId")!;
        await _gateway.StreamingAsync();
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    public static TheoryData<string, string> HardForms => new()
    {
        { "Postfix", BounceForms.Postfix },
        { "Exchange", BounceForms.Exchange },
        { "Gmail", BounceForms.Gmail },
        { "Exim", BounceForms.Exim },
        { "Exim, prose", BounceForms.EximProse },
        { "qmail", BounceForms.Qmail },
        { "ENVID only", BounceForms.EnvelopeOnly },
        { "nothing named: it will be the last mail", BounceForms.Nameless },
    };

    [Theory]
    [MemberData(nameof(HardForms))]
    public async Task A_hard_bounce_suspends_and_resuming_tells_exactly_what_was_missed(string why, string form)
    {
        var first = await NotifyAsync("Order 1");
        await BounceAsync(form, first);
        Assert.True(Current().State == SubscriptionState.Suspended, $"{why}: {string.Join('|', _gateway.Outcomes())}");
        Assert.Contains("mail comes back", Current().EndReason, StringComparison.Ordinal);

        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 2", "shop@web.example");
        await LoggedAsync(2);
        Assert.Single(Notifications());

        await RoundAsync(TimeSpan.FromHours(1.5)); // the probe
        var probe = await _gateway.Smarthost.MailAsync(mail => mail.Subject?.StartsWith("Probe", StringComparison.Ordinal) == true, "a probe");
        Assert.Equal("auto-generated", probe.Field("Auto-Submitted"));
        await _gateway.SettledAsync();
        await RoundAsync(TimeSpan.FromHours(3)); // it did not come back
        var replay = await NotificationAsync(2);
        Assert.Equal(first.Value("PreviousWatermark"), replay.Value("PreviousWatermark"));
        Assert.Equal(2, CreatedIn(replay));
        Assert.Equal(SubscriptionState.Active, Current().State);
    }

    [Fact]
    public async Task A_probe_that_comes_back_leads_to_the_next_and_in_the_end_to_the_end_with_a_notice()
    {
        await BounceAsync(BounceForms.Postfix, await NotifyAsync("Order 1"));
        var now = TimeSpan.FromHours(1.5);
        for (int probe = 1; probe <= 3; probe++, now += TimeSpan.FromHours(26))
        {
            await RoundAsync(now);
            var mail = await ProbeAsync(probe);
            await BounceAsync(BounceForms.Postfix, mail, receivedLater: now);
            Assert.Equal(SubscriptionState.Suspended, Current().State);
        }

        await RoundAsync(TimeSpan.FromDays(4));
        Assert.Equal(SubscriptionState.Ended, Current().State);
        _gateway.Pass(TimeSpan.FromDays(4) + TimeSpan.FromMinutes(1));
        var notice = await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Ended") is not null, "a notice");
        await _gateway.SettledAsync();
        Assert.Single(_gateway.Smarthost.Mails, mail => mail.Field("Relay-Ended") is not null);
        Assert.Equal(_publicId, notice.Field("Relay-Subscription"));
        Assert.Equal("its mail bounces for good", notice.Field("Relay-Ended"));
        Assert.Contains("5.1.1", Current().EndReason, StringComparison.Ordinal);
        Assert.Equal("", notice.Sender);
    }

    [Fact]
    public async Task A_mail_that_told_of_a_gap_and_is_lost_is_mailed_again()
    {
        var gap = new EventGap(null, new DateTimeOffset(2026, 11, 21, 11, 0, 0, TimeSpan.Zero), null, "for a test");
        await _gateway.Store.CommitAsync(t => t.Events.AppendGap(Current().MailboxId, gap, DateTimeOffset.UnixEpoch), CancellationToken.None);
        var told = await NotificationAsync(1);
        await _gateway.SettledAsync();
        _delivered = 2;
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        await NotificationAsync(2);
        await _gateway.SettledAsync();

        await SendAsync(BounceForms.Fill(BounceForms.Full, Subscriber, told.MessageId!, Envelope(told)), Token(told), null, settles: false);
        await Eventually.TrueAsync(() => _gateway.Outcomes()[^1].Contains("1 of 3", StringComparison.Ordinal), "the report");
        _gateway.Pass(TimeSpan.FromMinutes(6));
        await Eventually.TrueAsync(() => _gateway.Smarthost.Mails.Count(mail => mail.MessageId == told.MessageId) == 2, "the gap a second time");
        Assert.Equal(SubscriptionState.Active, Current().State);
    }

    [Fact]
    public async Task A_probe_that_was_never_sent_proves_nothing()
    {
        await BounceAsync(BounceForms.Postfix, await NotifyAsync("Order 1"));
        await RoundAsync(TimeSpan.FromHours(1.5));
        await ProbeAsync(1);
        await _gateway.SettledAsync();
        string probe = _gateway.Store.Read(t => t.Bounces.Find(Current().Id))!.ProbeId!;
        await _gateway.Store.CommitAsync(t => t.Outbox.Drop(t.Outbox.FindByMessageId(probe)!.Id), CancellationToken.None);
        await RoundAsync(TimeSpan.FromHours(3));
        Assert.Equal(SubscriptionState.Suspended, Current().State);
        await RoundAsync(TimeSpan.FromHours(8));
        await ProbeAsync(2);
    }

    [Fact]
    public async Task A_subscription_that_its_owner_paused_stays_so_when_the_probe_arrives()
    {
        await BounceAsync(BounceForms.Postfix, await NotifyAsync("Order 1"));
        await RoundAsync(TimeSpan.FromHours(1.5));
        var probe = await ProbeAsync(1);
        await _gateway.AskAsync($"<r:PauseSubscription xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{_publicId}</r:SubscriptionId></r:PauseSubscription>", "pause@branch.example");
        await BounceAsync(BounceForms.Arrived, probe);
        Assert.Equal(SubscriptionState.Paused, Current().State);
    }

    [Fact]
    public async Task Late_reports_on_what_an_owner_has_had_again_since_change_nothing()
    {
        var first = await NotifyAsync("Order 1");
        var second = await NotifyAsync("Order 2");
        await BounceAsync(BounceForms.Postfix, first);
        await _gateway.AskAsync($"<r:ResumeSubscription xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{_publicId}</r:SubscriptionId></r:ResumeSubscription>", "resume@branch.example");
        Assert.Equal(2, CreatedIn(await NotificationAsync(3)));
        await _gateway.SettledAsync();
        await BounceAsync(BounceForms.Postfix, second);
        Assert.Equal(SubscriptionState.Active, Current().State);
        Assert.Equal(3, Notifications().Count);
    }

    [Fact]
    public async Task A_report_that_the_probe_arrived_lets_the_subscription_go_on_at_once()
    {
        await BounceAsync(BounceForms.Postfix, await NotifyAsync("Order 1"));
        await RoundAsync(TimeSpan.FromHours(1.5));
        var probe = await ProbeAsync(1);
        Assert.Contains("NOTIFY=SUCCESS,FAILURE", Assert.Single(probe.Recipients).Parameters, StringComparison.Ordinal);
        await BounceAsync(BounceForms.Arrived, probe);
        Assert.Equal(1, CreatedIn(await NotificationAsync(2)));
    }

    [Fact]
    public async Task Soft_bounces_suspend_when_there_are_enough_and_all_their_mails_are_told_again()
    {
        for (int number = 1; number <= 3; number++)
        {
            Assert.Equal(SubscriptionState.Active, Current().State);
            await BounceAsync(BounceForms.Full, await NotifyAsync($"Order {number}"));
        }

        Assert.Equal(SubscriptionState.Suspended, Current().State);
        await RoundAsync(TimeSpan.FromHours(1.5));
        await BounceAsync(BounceForms.Arrived, await ProbeAsync(1));
        Assert.Equal(3, CreatedIn(await NotificationAsync(4)));
    }

    [Fact]
    public async Task A_refusal_by_the_smarthost_suspends_like_a_bounce()
    {
        _gateway.Smarthost.ForRecipient(Subscriber, new MailServerOrder.Answer("550 5.1.1 no such user"));
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        await Eventually.TrueAsync(() => Current().State == SubscriptionState.Suspended, "suspended");
        Assert.Contains("5.1.1", Assert.Single(_gateway.Store.Read(t => t.Outbox.List(OutboxState.GivenUp, 0, 10))).Note, StringComparison.Ordinal);
        _gateway.Smarthost.ForRecipient(Subscriber, null);
        await RoundAsync(TimeSpan.FromHours(1.5));
        await BounceAsync(BounceForms.Arrived, await ProbeAsync(1));
        var told = await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "2", "the missed event");
        Assert.Equal(1, CreatedIn(told));
    }

    [Fact]
    public async Task An_owner_who_resumes_gets_what_was_missed_and_is_probed_no_more()
    {
        await BounceAsync(BounceForms.Postfix, await NotifyAsync("Order 1"));
        await _gateway.AskAsync($"<r:ResumeSubscription xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{_publicId}</r:SubscriptionId></r:ResumeSubscription>", "resume@branch.example");
        Assert.Equal(1, CreatedIn(await NotificationAsync(2)));
        await RoundAsync(TimeSpan.FromHours(1.5));
        Assert.Null(_gateway.Store.Read(t => t.Bounces.Find(Current().Id))!.ProbeId);
        Assert.DoesNotContain(_gateway.Smarthost.Mails, mail => mail.Subject?.StartsWith("Probe", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("a delay", "delayed")]
    [InlineData("a token that nobody made", "token")]
    [InlineData("the token of another subscription", "other token")]
    [InlineData("a mail that was never sent", "never sent")]
    [InlineData("an ENVID that we did not make", "envelope")]
    [InlineData("a Message-ID of another subscription", "other mail")]
    [InlineData("prose from somebody who could be answered", "prose")]
    public async Task What_proves_nothing_changes_nothing(string why, string forgery)
    {
        var mail = await NotifyAsync("Order 1");
        var other = await OtherAsync();
        var (form, token, id, envelope, from) = forgery switch
        {
            "delayed" => (BounceForms.Delayed, Token(mail), mail.MessageId!, Envelope(mail), ""),
            "token" => (BounceForms.Postfix, new string('0', 40), mail.MessageId!, Envelope(mail), ""),
            "other token" => (BounceForms.Postfix, Token(other), mail.MessageId!, Envelope(mail), ""),
            "never sent" => (BounceForms.Postfix, Token(mail), "<n.1.1.x.0123456789abcdef@localhost>", Envelope(mail), ""),
            "envelope" => (BounceForms.EnvelopeOnly, Token(mail), "", new string('a', 32), ""),
            "other mail" => (BounceForms.Postfix, Token(mail), other.MessageId!, Envelope(other), ""),
            _ => (BounceForms.Qmail, Token(mail), mail.MessageId!, Envelope(mail), "someone@partner.example"),
        };
        // The dialogue refuses a token that nobody made; one that came by another way is spooled.
        await SendAsync(BounceForms.Fill(form, Subscriber, id, envelope), token, from.Length == 0 ? null : from, forgery == "token" ? TimeSpan.FromSeconds(1) : default);
        Assert.True(_gateway.Store.Read(t => t.Subscriptions.Active()).All(one => one.State == SubscriptionState.Active), why);
        Assert.Null(_gateway.Store.Read(t => t.Bounces.Find(Current().Id)));
    }

    [Fact]
    public async Task The_same_bounce_counts_once()
    {
        var mail = await NotifyAsync("Order 1");
        for (int time = 0; time < 5; time++)
        {
            await BounceAsync(BounceForms.Full, mail);
        }

        Assert.Equal(1, _gateway.Store.Read(t => t.Bounces.Find(Current().Id))!.Score);
        Assert.Equal(SubscriptionState.Active, Current().State);
    }

    [Fact]
    public async Task Notifications_ask_for_reports_as_far_as_they_are_of_use()
    {
        var mail = await NotifyAsync("Order 1");
        Assert.Matches(@"RET=HDRS ENVID=[0-9a-f]{32}\b", mail.SenderParameters);
        Assert.Equal("NOTIFY=FAILURE,DELAY", Assert.Single(mail.Recipients).Parameters);
        Assert.Empty(_gateway.Smarthost.Complaints);
    }

    private static string Token(RecordedMail mail) => mail.Sender.Split('+', '@')[1];

    private static string? Envelope(RecordedMail mail) =>
        mail.SenderParameters.Split(' ').FirstOrDefault(one => one.StartsWith("ENVID=", StringComparison.Ordinal))?[6..];

    private static int CreatedIn(RecordedMail mail) => mail.Envelope().Descendants().Count(element => element.Name.LocalName == "CreatedEvent");

    private Subscription Current() => _gateway.Store.Read(t => t.Subscriptions.FindByPublicId(_publicId))!;

    private List<RecordedMail> Notifications() =>
        [.. _gateway.Smarthost.Mails.Where(mail => mail.Field("Relay-Sequence") is not null && mail.Field("Relay-Subscription") == _publicId)];

    private Task<RecordedMail> NotificationAsync(int sequence) => _gateway.Smarthost.MailAsync(
        mail => mail.Field("Relay-Subscription") == _publicId && mail.Field("Relay-Sequence") == sequence.ToString(CultureInfo.InvariantCulture),
        $"notification {sequence}");

    private Task<RecordedMail> ProbeAsync(int number) => Eventually.ValueAsync(
        () => _gateway.Smarthost.Mails.Where(mail => mail.Subject?.StartsWith("Probe", StringComparison.Ordinal) == true).ElementAtOrDefault(number - 1),
        $"probe {number}");

    private async Task<RecordedMail> NotifyAsync(string subject)
    {
        _gateway.Exchange.DeliverMail("ann@corp.example", subject, "shop@web.example");
        var mail = await NotificationAsync(++_delivered);
        await _gateway.SettledAsync();
        return mail;
    }

    private async Task<RecordedMail> OtherAsync()
    {
        var answer = await _gateway.AskAsync(Mails.Push(url: "mailto:other@branch.example"), "other@branch.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "For both", "shop@web.example");
        var mail = await _gateway.Smarthost.MailAsync(
            one => one.Field("Relay-Sequence") is not null && one.Field("Relay-Subscription") == answer.Value("SubscriptionId"), "the other's mail");
        await _gateway.SettledAsync();
        return mail;
    }

    private Task BounceAsync(string form, RecordedMail mail, TimeSpan receivedLater = default) =>
        SendAsync(BounceForms.Fill(form, Subscriber, mail.MessageId!, Envelope(mail)), Token(mail), null, receivedLater);

    private async Task SendAsync(string mail, string token, string? from, TimeSpan receivedLater = default, bool settles = true)
    {
        if (receivedLater > TimeSpan.Zero)
        {
            await SpoolAsync(mail, token, receivedLater);
        }
        else
        {
            Assert.StartsWith("250", await _gateway.SendAsync(mail, $"bounce+{token}@localhost", from), StringComparison.Ordinal);
        }

        if (settles)
        {
            await _gateway.SettledAsync();
        }
    }

    // As if it had come later: what is done about it depends on when that was.
    private Task<long> SpoolAsync(string mail, string token, TimeSpan later) => _gateway.Store.CommitAsync(
        t => t.Spool.Add(new NewSpooledMail(
            TimeProvider.System.GetUtcNow() + later,
            Guid.NewGuid().ToString("N"),
            null,
            [$"bounce+{token}@localhost"],
            new MailOrigin(MailOrigin.Smtp, "127.0.0.1", "mx.partner.example", false, null),
            new MailContent.Inline(System.Text.Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n"))))),
        CancellationToken.None);

    private Task LoggedAsync(int events) => Eventually.TrueAsync(
        () => _gateway.Store.Read(t => t.Events.After(Current().MailboxId, new LogPosition(0), 100)).Count(one => one.Event.Type == Relay.Wire.Ews.MailboxEventType.Created) >= events,
        $"{events} events in the log");

    private async Task RoundAsync(TimeSpan later)
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow() + later);
        await new SuspensionWorker(
            _gateway.Store,
            _gateway.Service<BounceOptions>(),
            _gateway.Service<BounceBook>(),
            _gateway.Service<LifecycleComposer>(),
            time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<SuspensionWorker>.Instance).RoundAsync(CancellationToken.None);
    }
}
