using System.Xml.Linq;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>One request, many answers: GetStreamingEvents by mail.</summary>
public sealed class StreamingTests : IAsyncLifetime
{
    private const string Ann = "ann@corp.example";
    private const string Bob = "bob@corp.example";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_stream_is_answered_with_OK_then_events_then_Closed()
    {
        string id = await SubscribeAsync(Ann);
        await _gateway.SendAsync(Mails.Request(Mails.GetStreamingEvents(1, id), "stream@branch.example", fields: "References: <root@branch.example>\n"));
        var ok = await AnswerAsync("stream", 1);
        Assert.Equal("OK", ok.Value("ConnectionStatus"));
        Assert.Equal("Success", ok.Operation().Descendants().First(e => e.Attribute("ResponseClass") is not null).Attribute("ResponseClass")!.Value);

        Deliver(Ann, 1);
        var first = await AnswerAsync("stream", 2);
        Deliver(Ann, 2);
        var second = await AnswerAsync("stream", 3);
        Assert.All(new[] { first, second }, mail =>
        {
            Assert.Equal("GetStreamingEventsResponse", mail.Operation().Name.LocalName);
            Assert.Equal("<stream@branch.example>", mail.InReplyTo);
            Assert.Equal("<root@branch.example> <stream@branch.example>", mail.Field("References"));
            Assert.Equal("Re: Test", mail.Subject);
            Assert.Equal("auto-replied", mail.Field("Auto-Submitted"));
            Assert.Equal("", mail.Sender ?? "");
            Assert.Equal(id, mail.Field("Relay-Subscription"));
            Assert.NotNull(mail.Field("Relay-Watermark"));
            Assert.Equal("NewMailEvent", Assert.Single(mail.Events()).Name.LocalName);
            // A watermark or a status beside events makes Microsoft's own client disconnect.
            Assert.DoesNotContain(mail.Envelope().Descendants(), e => e.Name.LocalName is "Watermark" or "PreviousWatermark" or "MoreEvents" or "ConnectionStatus");
        });
        Assert.Equal("1 2", $"{first.Field("Relay-Sequence")} {second.Field("Relay-Sequence")}");

        _gateway.Pass(TimeSpan.FromMinutes(1));
        var closed = await AnswerAsync("stream", 4);
        Assert.Equal("Closed", closed.Value("ConnectionStatus"));
        Assert.Equal("NoError", closed.Value("ResponseCode"));
        Assert.Null(_gateway.Store.Read(t => t.Streams.NextEnd()));
        Assert.Equal(4, Answers("stream").Select(mail => mail.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task What_happens_between_two_streams_comes_with_the_next_and_only_once()
    {
        string id = await SubscribeAsync(Ann);
        Deliver(Ann, 1);
        await _gateway.LoggedAsync(1);
        await OpenAsync("a", 1, id);
        Assert.Single((await AnswerAsync("a", 2)).Events());
        _gateway.Pass(TimeSpan.FromMinutes(1));
        await AnswerAsync("a", 3);
        Deliver(Ann, 2);
        Deliver(Ann, 3);
        await _gateway.LoggedAsync(3);
        await OpenAsync("b", 1, id);
        await Eventually.TrueAsync(() => Answers("b").Sum(mail => mail.Events().Count) == 2, "both events");
        Assert.Equal("2", Answers("b")[1].Field("Relay-Sequence"));
    }

    [Fact]
    public async Task One_stream_tells_the_events_of_several_subscriptions()
    {
        string ann = await SubscribeAsync(Ann);
        string bob = await SubscribeAsync(Bob);
        await OpenAsync("s", 5, ann, bob);
        for (int i = 0; i < 10; i++)
        {
            Deliver(i % 2 == 0 ? Ann : Bob, i);
        }

        await Eventually.TrueAsync(() => Answers("s").Sum(mail => mail.Events().Count) == 10, "all events");
        var told = Answers("s").Skip(1).ToList();
        Assert.Equal(5, told.Where(mail => mail.Field("Relay-Subscription") == ann).Sum(mail => mail.Events().Count));
        Assert.Equal(5, told.Where(mail => mail.Field("Relay-Subscription") == bob).Sum(mail => mail.Events().Count));
        Assert.All([ann, bob], id => Assert.Equal(
            Enumerable.Range(1, told.Count(mail => mail.Field("Relay-Subscription") == id)).Select(n => $"{n}"),
            told.Where(mail => mail.Field("Relay-Subscription") == id).Select(mail => mail.Field("Relay-Sequence"))));
    }

    [Fact]
    public async Task A_restart_of_the_relay_is_not_seen_in_a_stream()
    {
        string id = await SubscribeAsync(Ann);
        await OpenAsync("s", 30, id);
        await _gateway.StopRelayAsync();
        Deliver(Ann, 1);
        await _gateway.StartRelayAsync();
        Assert.Single((await AnswerAsync("s", 2)).Events());
        await _gateway.StopRelayAsync();
        _gateway.Clock.Shift(TimeSpan.FromMinutes(30));
        await _gateway.StartRelayAsync();
        Assert.Equal("Closed", (await AnswerAsync("s", 3)).Value("ConnectionStatus"));
    }

    [Fact]
    public async Task A_second_stream_takes_over_and_the_first_is_told()
    {
        string id = await SubscribeAsync(Ann);
        await OpenAsync("older", 30, id);
        await OpenAsync("newer", 30, id);
        var told = await AnswerAsync("older", 2);
        Assert.Equal("ErrorNewEventStreamConnectionOpened", told.Value("ResponseCode"));
        Assert.Equal("Another connection was opened against this subscription.", told.Value("MessageText"));
        Assert.Equal("Closed", told.Value("ConnectionStatus"));
        Assert.Equal([id], ErrorIds(told));
        Deliver(Ann, 1);
        Assert.Single((await AnswerAsync("newer", 2)).Events());
    }

    [Fact]
    public async Task The_same_request_again_gets_the_first_answer_and_takes_nothing_over()
    {
        string id = await SubscribeAsync(Ann);
        var ok = await OpenAsync("s", 30, id);
        await _gateway.SendAsync(Mails.Request(Mails.GetStreamingEvents(30, id), "s@branch.example"));
        Assert.Equal(ok.MessageId, (await AnswerAsync("s", 2)).MessageId);
        Deliver(Ann, 1);
        Assert.Single((await AnswerAsync("s", 3)).Events());
    }

    [Fact]
    public async Task Unsubscribe_closes_the_stream()
    {
        string id = await SubscribeAsync(Ann);
        await OpenAsync("s", 30, id);
        await _gateway.AskAsync(Mails.Unsubscribe(id), "end@branch.example");
        var closed = await AnswerAsync("s", 2);
        Assert.Equal("ErrorSubscriptionUnsubscribed", closed.Value("ResponseCode"));
        Assert.Equal("Closed", closed.Value("ConnectionStatus"));
        Assert.Equal([id], ErrorIds(closed));
        Deliver(Ann, 1);
        await _gateway.SettledAsync();
        Assert.Equal(2, Answers("s").Count);
    }

    [Fact]
    public async Task A_bad_id_refuses_the_whole_request_and_is_named()
    {
        string good = await SubscribeAsync(Ann);
        string pull = (await _gateway.AskAsync(Mails.Pull(), "pull@branch.example")).Value("SubscriptionId")!;
        var unknown = await _gateway.AskAsync(Mails.GetStreamingEvents(5, good, "bm9uZQ=="), "1@branch.example");
        Assert.Equal(("ErrorSubscriptionNotFound", "0", "Closed"), (unknown.Value("ResponseCode"), unknown.Value("DescriptiveLinkKey"), unknown.Value("ConnectionStatus")));
        Assert.Equal(["bm9uZQ=="], ErrorIds(unknown));
        var wrongKind = await _gateway.AskAsync(Mails.GetStreamingEvents(5, pull), "2@branch.example");
        Assert.Equal("ErrorInvalidSubscription", wrongKind.Value("ResponseCode"));
        Assert.Equal([pull], ErrorIds(wrongKind));
        await _gateway.SendAsync(Mails.Request(Mails.GetStreamingEvents(5, good), "3@branch.example").Replace("From: app@", "From: thief@", StringComparison.Ordinal));
        Assert.Equal("ErrorSubscriptionAccessDenied", (await AnswerAsync("3", 1)).Value("ResponseCode"));
        Assert.Null(_gateway.Store.Read(t => t.Streams.NextEnd()));
    }

    public static TheoryData<string, string> Invalid => new()
    {
        { "too long a time", Mails.GetStreamingEvents(31, "AAAA") },
        { "no time", Mails.GetStreamingEvents(0, "AAAA") },
        { "no subscription", Mails.GetStreamingEvents(5) },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task The_schema_is_kept(string why, string body)
    {
        Assert.NotEmpty(why);
        Assert.Equal("ErrorSchemaValidation", (await _gateway.AskAsync(body, "1@branch.example")).Value("ResponseCode"));
    }

    [Fact]
    public async Task A_subscription_that_is_not_streamed_for_half_an_hour_has_ended()
    {
        string id = await SubscribeAsync(Ann);
        _gateway.Pass(TimeSpan.FromMinutes(20));
        await OpenAsync("a", 30, id);
        _gateway.Pass(TimeSpan.FromMinutes(30));
        await AnswerAsync("a", 2);
        _gateway.Pass(TimeSpan.FromMinutes(29));
        await OpenAsync("b", 1, id);
        _gateway.Pass(TimeSpan.FromMinutes(1));
        await AnswerAsync("b", 2);
        _gateway.Pass(TimeSpan.FromMinutes(31));
        var late = await _gateway.AskAsync(Mails.GetStreamingEvents(1, id), "c@branch.example");
        Assert.Equal("ErrorSubscriptionNotFound", late.Value("ResponseCode"));
        await _gateway.Service<Relay.Housekeeping.HousekeepingWorker>().RoundAsync(CancellationToken.None);
        Assert.Equal(0, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task GetEvents_brings_back_what_a_lost_answer_said()
    {
        string id = await SubscribeAsync(Ann);
        await OpenAsync("s", 30, id);
        Deliver(Ann, 1);
        string watermark = (await AnswerAsync("s", 2)).Field("Relay-Watermark")!;
        Deliver(Ann, 2);
        var lost = await AnswerAsync("s", 3);
        var again = await _gateway.AskAsync(Mails.GetEvents(id, watermark), "get@branch.example");
        Assert.Equal(ItemId(lost), ItemId(again));
    }

    [Fact]
    public async Task A_gap_is_told_in_the_stream_and_the_stream_goes_on()
    {
        string id = await SubscribeAsync(Ann);
        await OpenAsync("s", 30, id);
        var gap = new EventGap(null, new DateTimeOffset(2026, 11, 21, 11, 0, 0, TimeSpan.Zero), null, "for a test");
        await _gateway.Store.CommitAsync(t => t.Events.AppendGap(t.Watches.MailboxId(Ann), gap, DateTimeOffset.UnixEpoch), CancellationToken.None);
        var told = await AnswerAsync("s", 2);
        Assert.Equal("ErrorMissedNotificationEvents", told.Value("ResponseCode"));
        Assert.Null(told.Value("ConnectionStatus"));
        Assert.NotNull(told.Field("Relay-Gap"));
        Deliver(Ann, 1);
        Assert.Single((await AnswerAsync("s", 3)).Events());
    }

    [Fact]
    public async Task A_stream_that_is_opened_lets_a_suspended_subscription_go_on()
    {
        string id = await SubscribeAsync(Ann);
        await _gateway.Store.CommitAsync(
            t => t.Subscriptions.SetState(t.Subscriptions.FindByPublicId(id)!.Id, SubscriptionState.Suspended, "its mail comes back", _gateway.Clock.GetUtcNow()), CancellationToken.None);
        Deliver(Ann, 1);
        await _gateway.LoggedAsync(1);
        await OpenAsync("s", 30, id);
        Assert.Single((await AnswerAsync("s", 2)).Events());
        Assert.Equal(SubscriptionState.Active, _gateway.Store.Read(t => t.Subscriptions.FindByPublicId(id))!.State);
    }

    [Fact]
    public async Task The_answers_come_in_order_though_one_is_deferred()
    {
        string id = await SubscribeAsync(Ann);
        Deliver(Ann, 1);
        await _gateway.LoggedAsync(1);
        _gateway.Smarthost.Next(MailServerStage.Content, new MailServerOrder.Answer("451 4.3.0 later"));
        await OpenAsync("s", 1, id);
        await Eventually.TrueAsync(() => Told().Count == 2, "the first event");
        _gateway.Smarthost.Next(MailServerStage.Content, new MailServerOrder.Answer("451 4.3.0 later"));
        Deliver(Ann, 2);
        await Eventually.TrueAsync(() => Told().Count == 3, "the second event, deferred");
        _gateway.Pass(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => Told().Count == 4, "Closed");
        Assert.Equal("OK,,,Closed", string.Join(',', Told().Select(mail => mail.Value("ConnectionStatus"))));

        // A mail that was answered 451 stands there twice; what counts is when it was last offered.
        List<RecordedMail> Told() => [.. Answers("s").Reverse().DistinctBy(mail => mail.MessageId).Reverse()];
    }

    private async Task<string> SubscribeAsync(string mailbox)
    {
        var answer = await _gateway.AskAsync(Mails.Streaming(folders: Mails.Folders(mailbox: mailbox)), $"sub-{mailbox}");
        Assert.Null(answer.Value("Watermark"));
        var schema = ExchangeSchema.Find();
        Assert.Empty(schema?.Violations(answer.BodyText) ?? []);
        return answer.Value("SubscriptionId")!;
    }

    private async Task<RecordedMail> OpenAsync(string name, int minutes, params string[] ids)
    {
        var answer = await _gateway.AskAsync(Mails.GetStreamingEvents(minutes, ids), $"{name}@branch.example");
        Assert.Equal("OK", answer.Value("ConnectionStatus"));
        return answer;
    }

    private IReadOnlyList<RecordedMail> Answers(string name) => [.. _gateway.Smarthost.Mails.Where(mail => mail.InReplyTo == $"<{name}@branch.example>")];

    private async Task<RecordedMail> AnswerAsync(string name, int number)
    {
        await Eventually.TrueAsync(() => Answers(name).Count >= number, $"answer {number} to {name}");
        return Answers(name)[number - 1];
    }

    private void Deliver(string mailbox, int number) => _gateway.Exchange.DeliverMail(mailbox, $"Order {number}", "shop@web.example");

    private static IReadOnlyList<string> ErrorIds(RecordedMail mail) =>
        [.. mail.Envelope().Descendants().Where(e => e.Name.LocalName == "ErrorSubscriptionIds").Elements().Select(e => e.Value)];

    private static string ItemId(RecordedMail mail) => Assert.Single(mail.Events()).Elements().First(e => e.Name.LocalName == "ItemId").Attribute("Id")!.Value;
}
