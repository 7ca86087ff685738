using Relay.Exchange;
using Relay.ExchangeSimulator;
using Relay.Housekeeping;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>What goes wrong around the gateway, and what must not be lost by it.</summary>
public sealed class TroubleTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    public static TheoryData<string, MailServerStage, string> RefusalsOfAll => new()
    {
        { "at the greeting", MailServerStage.Connect, "554 5.7.1 not you" },
        { "busy at the greeting", MailServerStage.Connect, "421 4.3.2 busy" },
        { "at EHLO", MailServerStage.Hello, "550 5.7.1 not you" },
    };

    [Theory]
    [MemberData(nameof(RefusalsOfAll))]
    public async Task A_smarthost_that_refuses_everything_loses_no_mail_and_uses_up_no_attempt(string why, MailServerStage stage, string reply)
    {
        Assert.NotEmpty(why);
        _gateway.Smarthost.Always(stage, new MailServerOrder.Answer(reply));
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "1"), "calendar@localhost");
        await Eventually.TrueAsync(() => _gateway.Smarthost.Connections >= 3, "three tries");
        Assert.Empty(_gateway.Smarthost.Mails);
        _gateway.Smarthost.Always(stage, null);
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the answer");
        await _gateway.SettledAsync();
        Assert.Equal(1, Assert.Single(_gateway.Store.Read(t => t.Outbox.List(OutboxState.Delivered, 0, 10))).Attempts);
    }

    [Fact]
    public async Task A_cut_after_the_final_dot_repeats_the_mail_under_its_id()
    {
        _gateway.Smarthost.Next(MailServerStage.Content, new MailServerOrder.Cut());
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "1"), "calendar@localhost");
        await Eventually.TrueAsync(() => _gateway.Smarthost.Mails.Count == 2, "the mail a second time");
        var mails = _gateway.Smarthost.Mails;
        Assert.Equal(mails[0].MessageId, mails[1].MessageId);
        Assert.Equal(mails[0].Content.ToArray(), mails[1].Content.ToArray());
    }

    [Fact]
    public async Task A_stranger_whose_mail_the_smarthost_refuses_at_MAIL_keeps_no_other_mail_waiting()
    {
        _gateway.Smarthost.Next(MailServerStage.Mail, new MailServerOrder.Answer("554 5.7.1 the sender is on a list"));
        await _gateway.SendAsync(Mails.Mail("Help!", "1@where.example", type: "text/plain"), "postmaster@localhost", "anybody@where.example");
        var refused = await Eventually.ValueAsync(() => _gateway.Store.Read(t => t.Outbox.List(OutboxState.Waiting, 0, 1)) is [{ Note: not null } only] ? only : null, "a try");
        Assert.Equal(1, refused.Attempts);
        Assert.Contains("554 5.7.1", refused.Note, StringComparison.Ordinal);
        Assert.All(_gateway.Service<Relay.Outbound.SmarthostStates>().Now(), smarthost => Assert.Null(smarthost.Failure));
        await _gateway.AskAsync(Mails.GetMonth, "2@branch.example", "calendar@localhost");
    }

    [Fact]
    public async Task A_smarthost_that_is_not_there_is_waited_for()
    {
        await _gateway.Smarthost.StopAsync();
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "1"), "calendar@localhost");
        await Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Outbox.List(null, 0, 1)) is [{ Note: not null }], "a try");
        _gateway.Smarthost.Restart();
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the answer");
    }

    [Fact]
    public async Task Exchange_that_is_not_there_keeps_a_Subscribe_waiting_and_nothing_else()
    {
        _gateway.Exchange.Arm(SimulatorFault.Unavailable, count: 1000);
        await _gateway.SendAsync(Mails.Request(Mails.Push(), "sub"));
        await _gateway.AskAsync(Mails.GetMonth, "month", "calendar@localhost");
        _gateway.Exchange.Disarm();
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<sub>", "the answer", TimeSpan.FromSeconds(60));
        Assert.Equal("NoError", answer.Value("ResponseCode"));
    }

    [Fact]
    public async Task A_mail_that_cannot_be_read_back_is_set_aside_and_holds_up_nobody()
    {
        var poison = new NewSpooledMail(
            DateTimeOffset.UnixEpoch, "poison@localhost", "app@branch.example", ["ews@localhost"],
            new MailOrigin(MailOrigin.Smtp, "127.0.0.1", "x", false, null), new MailContent.File("gone", 7));
        long id = await _gateway.Store.CommitAsync(transaction => transaction.Spool.Add(poison), CancellationToken.None);
        for (int attempt = 0; attempt < 40 && _gateway.Store.Read(t => t.Spool.Find(id))?.State != SpoolState.SetAside; attempt++)
        {
            await _gateway.AskAsync(Mails.GetMonth, $"{attempt}@branch.example", "calendar@localhost");
            await _gateway.Store.CommitAsync(transaction => transaction.Spool.Release(id, DateTimeOffset.UnixEpoch, "at once"), CancellationToken.None);
        }

        await Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Spool.Find(id))?.State == SpoolState.SetAside, "set aside", TimeSpan.FromMinutes(2));
        await _gateway.AskAsync(Mails.GetMonth, "after@branch.example", "calendar@localhost");
    }

    [Fact]
    public async Task A_notification_in_waiting_is_withdrawn_by_Unsubscribe()
    {
        var answer = await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        _gateway.Smarthost.ForRecipient("app@branch.example", new MailServerOrder.Answer("451 4.2.1 later"));
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        await Eventually.TrueAsync(() => _gateway.Smarthost.Transcript.Contains("451 4.2.1", StringComparison.Ordinal), "a deferral");
        await _gateway.SendAsync(Mails.Request(Mails.Unsubscribe(answer.Value("SubscriptionId")!), "end@branch.example"));
        await Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Subscriptions.CountActive()) == 0, "its end");
        _gateway.Smarthost.ForRecipient("app@branch.example", null);
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<end@branch.example>", "the answer");
        await _gateway.SettledAsync();
        Assert.DoesNotContain(_gateway.Smarthost.Mails, mail => mail.IsAccepted && mail.Field("Relay-Sequence") is not null);
    }

    [Fact]
    public async Task A_request_that_wants_no_answer_is_executed_once_all_the_same()
    {
        string mail = Mails.Request(
            Mails.Push(url: "mailto:app@branch.example"), "sub@branch.example",
            header: "<s:Header><a:ReplyTo xmlns:a='http://www.w3.org/2005/08/addressing'><a:Address>http://www.w3.org/2005/08/addressing/none</a:Address></a:ReplyTo></s:Header>");
        await _gateway.SendAsync(mail);
        await _gateway.SendAsync(mail);
        await _gateway.SettledAsync();
        Assert.Equal(1, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
        Assert.Empty(_gateway.Smarthost.Mails);
    }

    [Fact]
    public async Task A_mailbox_that_nobody_asks_for_is_let_go_and_can_be_watched_again()
    {
        var first = await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        var housekeeping = _gateway.Service<HousekeepingWorker>();
        await housekeeping.RoundAsync(CancellationToken.None);
        Assert.NotEmpty(_gateway.Exchange.Subscriptions);
        await _gateway.AskAsync(Mails.Unsubscribe(first.Value("SubscriptionId")!), "end@branch.example");
        await housekeeping.RoundAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => _gateway.Exchange.Subscriptions.Count == 0, "no EWS subscription");
        await _gateway.AskAsync(Mails.Push(), "again@branch.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "a notification");
    }

    [Fact]
    public async Task Housekeeping_ends_what_has_expired_and_keeps_what_is_young()
    {
        await _gateway.AskAsync(Mails.Pull(period: "<t:Timeout>1</t:Timeout>"), "pull@branch.example");
        await _gateway.AskAsync(Mails.Push(), "push@branch.example");
        var housekeeping = _gateway.Service<HousekeepingWorker>();
        await housekeeping.RoundAsync(CancellationToken.None);
        Assert.Equal(2, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
        var later = new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(2));
        await new HousekeepingWorker(_gateway.Store, _gateway.Service<IExchange>(), _gateway.Service<EventRetention>(), new RetentionOptions(), later, Microsoft.Extensions.Logging.Abstractions.NullLogger<HousekeepingWorker>.Instance)
            .RoundAsync(CancellationToken.None);
        Assert.Equal(1, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
        var muchLater = new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddDays(8));
        await _gateway.SettledAsync();
        await new HousekeepingWorker(_gateway.Store, _gateway.Service<IExchange>(), _gateway.Service<EventRetention>(), new RetentionOptions(), muchLater, Microsoft.Extensions.Logging.Abstractions.NullLogger<HousekeepingWorker>.Instance)
            .RoundAsync(CancellationToken.None);
        Assert.Empty(_gateway.Store.Read(t => t.Spool.List(null, 0, 10)));
        Assert.Empty(_gateway.Store.Read(t => t.Outbox.List(null, 0, 10)));
        Assert.Equal(1, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task A_subscription_whose_row_is_damaged_is_set_aside_and_shown_and_the_others_are_served()
    {
        var damaged = await _gateway.AskAsync(Mails.Push(), "damaged@branch.example");
        await _gateway.AskAsync(Mails.Push(url: "mailto:other@branch.example"), "other@branch.example");
        await _gateway.StopRelayAsync();
        await _gateway.DamageAsync("UPDATE subscription SET settings = '{\"Lease\":', wake_at = 1 WHERE id = 1");
        await _gateway.StartRelayAsync();
        for (int number = 1; number <= 2; number++)
        {
            _gateway.Exchange.DeliverMail("ann@corp.example", $"Order {number}", "shop@web.example");
            await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == $"{number}" && mail.Recipient == "other@branch.example", "the other's notification");
        }

        var desk = new Relay.Operator.SubscriptionDesk(_gateway.Store, _gateway.Clock);
        string id = damaged.Value("SubscriptionId")!;
        Assert.Contains("cannot be read", desk.Show(id)!.Value.Subscription.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(_gateway.Smarthost.Mails, mail => mail.Field("Relay-Subscription") == id);
        Assert.True((await desk.EndAsync(id, CancellationToken.None)).Done);
        _gateway.Pass(TimeSpan.Zero);
        Assert.Equal(id, (await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Ended") is not null, "the notice")).Field("Relay-Subscription"));
    }

    [Fact]
    public async Task A_request_that_always_fails_is_set_aside_shown_and_retriable_and_its_sender_gets_one_fault_for_all()
    {
        string id = (await _gateway.AskAsync(Mails.Pull(), "sub@branch.example")).Value("SubscriptionId")!;
        await _gateway.DamageAsync("UPDATE mailbox SET id = id + 1000");
        string ask = $"<r:GetSubscription xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{id}</r:SubscriptionId></r:GetSubscription>";
        await _gateway.SendAsync(Mails.Request(ask, "poison@branch.example"));
        var desk = new Relay.Operator.QueueDesk(_gateway.Store, _gateway.Clock);
        for (int time = 1; time <= 3; time++)
        {
            var aside = await SetAsideAsync();
            Assert.Contains("There is no mailbox", Assert.Single(desk.List(10).Mails, mail => mail.State == "set aside").LastOutcome, StringComparison.Ordinal);
            await _gateway.SettledAsync();
            var fault = Assert.Single(_gateway.Smarthost.Mails, mail => mail.InReplyTo == "<poison@branch.example>");
            Assert.Equal("Fault", fault.Operation().Name.LocalName);
            await _gateway.AskAsync(Mails.GetMonth, $"{time}@branch.example", "calendar@localhost");
            if (time == 3)
            {
                await _gateway.DamageAsync("UPDATE mailbox SET id = id - 1000");
            }

            Assert.True((await desk.RetryAsync(new Relay.Operator.QueueId(IsIncoming: true, aside.Id), CancellationToken.None)).Done);
            _gateway.Store.Bells.Spool.Ring();
        }

        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<poison@branch.example>" && mail.Operation().Name.LocalName != "Fault", "the answer in the end");
        Assert.Contains(id, answer.BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_of_which_nothing_can_be_stored_take_no_handler_with_them()
    {
        await _gateway.StopRelayAsync();
        Relay.Tests.Store.FailingStore failing = null!;
        _gateway.Around = store => failing = new Relay.Tests.Store.FailingStore(store);
        await _gateway.StartRelayAsync();
        failing.IsFailing = true;
        for (int i = 0; i < 40; i++) // there are 32 handlers
        {
            await _gateway.SendAsync(Mails.Request(Mails.GetMonth, $"{i}"), "calendar@localhost");
        }

        await Eventually.TrueAsync(() => failing.Failed >= 64, "two failures each");
        failing.IsFailing = false;
        await _gateway.AskAsync(Mails.GetMonth, "after@branch.example", "calendar@localhost");
    }

    [Fact]
    public async Task An_answer_that_twelve_crashes_found_in_hand_and_that_is_then_told_later_comes_a_moment_later()
    {
        _gateway.Smarthost.Next(MailServerStage.Content, new MailServerOrder.Answer("451 4.3.0 later"));
        await _gateway.Store.CommitAsync(
            t =>
            {
                t.Outbox.Add(Relay.Tests.Store.StoreContract.OutMail("<slow@localhost>") with
                {
                    Content = "Subject: x\r\n\r\n"u8.ToArray(),
                    CreatedAt = _gateway.Clock.GetUtcNow(),
                });
                for (int crash = 1; crash <= 12; crash++)
                {
                    Assert.Single(t.Outbox.Claim(1, _gateway.Clock.GetUtcNow(), TimeSpan.FromHours(1)));
                    t.Outbox.ReleaseAllClaims();
                }

                return true;
            },
            CancellationToken.None);
        await _gateway.Smarthost.MailAsync(mail => mail is { IsAccepted: true, Subject: "x" }, "the mail a second time", TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("the first time its sender is told", 12, true)]
    [InlineData("if that was the end of the relay too, he is not", 13, false)]
    public async Task A_mail_that_was_in_hand_at_crash_after_crash_is_set_aside_and_never_handled_again(string why, int cuts, bool isTold)
    {
        var poison = new NewSpooledMail(
            _gateway.Clock.GetUtcNow(), "poison@localhost", "app@branch.example", ["calendar@localhost"], new MailOrigin(MailOrigin.Smtp, "127.0.0.1", "x", false, null),
            new MailContent.Inline(System.Text.Encoding.ASCII.GetBytes($"Received: from x\r\n{Mails.Request(Mails.GetMonth, "poison")}")));
        await _gateway.Store.CommitAsync(
            t =>
            {
                long id = t.Spool.Add(poison);
                for (int crash = 1; crash <= cuts; crash++)
                {
                    Assert.Single(t.Spool.Claim(1, DateTimeOffset.MaxValue - TimeSpan.FromDays(1), TimeSpan.Zero));
                    t.Spool.ReleaseAllClaims(DateTimeOffset.UnixEpoch);
                }

                return id;
            },
            CancellationToken.None);
        var aside = await SetAsideAsync();
        Assert.Contains($"{cuts} crashes", aside.Note, StringComparison.Ordinal);
        await _gateway.AskAsync(Mails.GetMonth, "after@branch.example", "calendar@localhost");
        await _gateway.SettledAsync();
        Assert.True(isTold == _gateway.Smarthost.Mails.Any(mail => mail.InReplyTo == "<poison>" && mail.Operation().Name.LocalName == "Fault"), why);
        Assert.Equal(isTold ? 2 : 1, _gateway.Smarthost.Mails.Count);
    }

    // Six attempts with growing waits between them.
    private Task<SpoolEntry> SetAsideAsync() => Eventually.ValueAsync(
        () =>
        {
            _gateway.Clock.Shift(TimeSpan.FromMinutes(1));
            _gateway.Store.Bells.Spool.Ring();
            return _gateway.Store.Read(t => t.Spool.List(SpoolState.SetAside, 0, 1)) is [var only] ? only : null;
        },
        "set aside");
}
