using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Ews;

namespace Relay.Tests.Gateway;

public sealed class SubscriptionTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_push_subscription_is_answered_and_then_notified()
    {
        var answer = await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        Assert.Equal("NoError", answer.Value("ResponseCode"));
        string id = answer.Value("SubscriptionId")!;
        string watermark = answer.Value("Watermark")!;

        await _gateway.StreamingAsync();
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var mail = await NotificationAsync(1);

        Assert.Equal("SendNotification", mail.Operation().Name.LocalName);
        Assert.Equal("NewMail in ann@corp.example/inbox", mail.Subject);
        Assert.Equal(id, mail.Field("Relay-Subscription"));
        Assert.Equal(id, mail.Value("SubscriptionId"));
        Assert.Equal(watermark, mail.Value("PreviousWatermark"));
        Assert.Equal("false", mail.Value("MoreEvents"));
        Assert.Equal(mail.Field("Relay-Watermark"), Assert.Single(mail.Events()).Elements().First().Value);
        Assert.Equal("auto-generated", mail.Field("Auto-Submitted"));
        Assert.Equal("<sub@branch.example>", mail.Field("References"));
        Assert.Null(mail.InReplyTo);
        Assert.Null(mail.Field("Relay-Caught-Up"));
        Assert.Matches("^bounce\\+[0-9a-f]+@localhost$", mail.Sender);
        Assert.Matches("^<mailto:unsubscribe\\+[0-9a-f]+@localhost>$", mail.Field("List-Unsubscribe"));
        Assert.Equal("<ann.corp.example.events.localhost>", mail.Field("List-Id"));
        Assert.Equal("<mailto:help@localhost>", mail.Field("List-Help"));
        Assert.Equal("NO", mail.Field("List-Post"));
        Assert.Null(mail.Field("List-Unsubscribe-Post"));
    }

    public static TheoryData<string, string, string> Mailboxes => new()
    {
        { "named in t:Mailbox", Mails.Folders(mailbox: "ann@corp.example"), "ann@corp.example" },
        { "none: the answer address", "<t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></t:FolderIds>", "app@branch.example" },
    };

    [Theory]
    [MemberData(nameof(Mailboxes))]
    public async Task The_mailbox_meant_is_the_one(string why, string folders, string mailbox)
    {
        Assert.NotEmpty(why);
        await _gateway.AskAsync(Mails.Push(folders: folders), "sub@branch.example");
        _gateway.Exchange.DeliverMail(mailbox, "Order 1", "shop@web.example");
        Assert.Equal($"NewMail in {mailbox}/inbox", (await NotificationAsync(1)).Subject);
    }

    [Theory]
    [InlineData("as it is mostly written", "mailto:bob@branch.example", "bob@branch.example")]
    [InlineData("percent-encoded", "mailto:bob%2Borders@branch.example", "bob+orders@branch.example")]
    [InlineData("with a subject, which is ignored", "mailto:bob@branch.example?subject=Events", "bob@branch.example")]
    [InlineData("of no address: who asks", "mailto:", "app@branch.example")]
    public async Task Notifications_go_to_the_address_of_the_URL(string why, string url, string address)
    {
        string id = (await _gateway.AskAsync(Mails.Push(url: url), "sub@branch.example")).Value("SubscriptionId")!;
        Assert.True(_gateway.Store.Read(t => t.Subscriptions.FindByPublicId(id))!.NotifyAddress == address, why);
    }

    [Fact]
    public async Task Impersonation_names_the_mailbox_where_no_folder_does()
    {
        string header = "<s:Header><t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>bob@corp.example</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation></s:Header>";
        await _gateway.SendAsync(Mails.Request(Mails.Push(folders: "<t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></t:FolderIds>"), "sub", header: header));
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<sub>", "the answer");
        _gateway.Exchange.DeliverMail("bob@corp.example", "Order 1", "shop@web.example");
        Assert.Equal("NewMail in bob@corp.example/inbox", (await NotificationAsync(1)).Subject);
    }

    [Fact]
    public async Task The_chain_of_watermarks_and_the_sequence_have_no_holes()
    {
        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        string? previous = null;
        for (int i = 1; i <= 5; i++)
        {
            _gateway.Exchange.DeliverMail("ann@corp.example", $"Order {i}", "shop@web.example");
            var mail = await NotificationAsync(i);
            Assert.Equal(previous ?? mail.Value("PreviousWatermark"), mail.Value("PreviousWatermark"));
            previous = mail.Field("Relay-Watermark");
        }
    }

    public static TheoryData<string, string, string> Lists => new()
    {
        { "one list a mailbox, whoever subscribes", "ann@corp.example", "<ann.corp.example.events.localhost>" },
        { "in lower case, since ids of lists are compared so", "Ann.Lee@Corp.example", "<ann.lee.corp.example.events.localhost>" },
        { "what stands in no dot-atom becomes a hyphen", "o'brien+x@corp.example", "<o-brien-x.corp.example.events.localhost>" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task The_list_is_named_after_the_mailbox(string why, string mailbox, string list)
    {
        Assert.NotEmpty(why);
        await _gateway.AskAsync(Mails.Push(folders: Mails.Folders(mailbox: mailbox)), "sub@branch.example");
        _gateway.Exchange.DeliverMail(mailbox, "Order 1", "shop@web.example");
        Assert.Equal(list, (await NotificationAsync(1)).Field("List-Id"));
    }

    [Fact]
    public async Task The_subject_of_several_events_counts_them()
    {
        string two = "<t:FolderIds>" + Folder("ann@corp.example") + Folder("ann@corp.example").Replace("inbox", "drafts", StringComparison.Ordinal) + "</t:FolderIds>";
        await _gateway.AskAsync(Mails.Push("CreatedEvent", folders: two), "sub@branch.example");
        string id = (await _gateway.Smarthost.MailsAsync(1))[0].Value("SubscriptionId")!;
        await _gateway.AskAsync(Own("PauseSubscription", id), "pause@branch.example");
        await _gateway.StreamingAsync();
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 2", "shop@web.example");
        await Eventually.TrueAsync(() => Logged() >= 2, "two events");
        await _gateway.AskAsync(Own("ResumeSubscription", id), "resume@branch.example");
        Assert.Equal("2 events in ann@corp.example/inbox", (await NotificationAsync(1)).Subject);

        await _gateway.AskAsync(Own("PauseSubscription", id), "pause2@branch.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 3", "shop@web.example");
        _gateway.Exchange.CreateItem("ann@corp.example", "drafts", "Draft");
        _gateway.Exchange.CreateItem("ann@corp.example", "drafts", "Draft");
        await Eventually.TrueAsync(() => Logged() >= 5, "five events");
        await _gateway.AskAsync(Own("ResumeSubscription", id), "resume2@branch.example");
        Assert.Equal("3 events in ann@corp.example", (await NotificationAsync(2)).Subject);

        int Logged() => _gateway.Store.Read(t => t.Events.After(t.Watches.FindMailbox("ann@corp.example") ?? 0, new LogPosition(0), 1000))
            .Count(logged => logged.Event is { Type: MailboxEventType.Created, IsFolder: false });
    }

    [Fact]
    public async Task A_burst_of_events_arrives_whole_in_order_and_at_most_50_a_mail()
    {
        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        for (int i = 0; i < 130; i++)
        {
            _gateway.Exchange.DeliverMail("ann@corp.example", $"Order {i}", "shop@web.example");
        }

        await Eventually.TrueAsync(() => Notifications().Sum(mail => mail.Events().Count) == 130, "130 events");
        var notifications = Notifications();
        Assert.All(notifications, mail => Assert.InRange(mail.Events().Count, 1, 50));
        Assert.Equal(Enumerable.Range(1, notifications.Count), notifications.Select(mail => int.Parse(mail.Field("Relay-Sequence")!)));
        Assert.Equal(130, notifications.SelectMany(mail => mail.Events()).Select(e => e.Elements().First().Value).Distinct().Count());
    }

    [Fact]
    public async Task Pull_gives_events_after_any_watermark_and_repeats_itself()
    {
        var answer = await _gateway.AskAsync(Mails.Pull("NewMailEvent CreatedEvent"), "sub@branch.example");
        string id = answer.Value("SubscriptionId")!;
        string start = answer.Value("Watermark")!;
        var empty = await _gateway.AskAsync(Mails.GetEvents(id, start), "get0@branch.example");
        Assert.Equal("StatusEvent", Assert.Single(empty.Events()).Name.LocalName);

        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var full = await AskUntilAsync(id, start, 2);
        Assert.Equal(start, full.Value("PreviousWatermark"));
        var again = await _gateway.AskAsync(Mails.GetEvents(id, start), "again@branch.example");
        Assert.Equal(full.Operation().ToString(), again.Operation().ToString());
        var rest = await _gateway.AskAsync(Mails.GetEvents(id, full.Events()[^1].Elements().First().Value), "rest@branch.example");
        Assert.Equal("StatusEvent", Assert.Single(rest.Events()).Name.LocalName);
    }

    [Fact]
    public async Task A_push_subscriptions_lost_mail_can_be_asked_for()
    {
        var answer = await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var mail = await NotificationAsync(1);
        var page = await _gateway.AskAsync(Mails.GetEvents(answer.Value("SubscriptionId")!, mail.Value("PreviousWatermark")!), "get@branch.example");
        Assert.Equal(mail.Events().Single().ToString(), page.Events().Single().ToString());
    }

    [Fact]
    public async Task Nothing_is_mailed_after_Unsubscribe_and_a_second_one_finds_nothing()
    {
        var answer = await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        string id = answer.Value("SubscriptionId")!;
        Assert.Equal("NoError", (await _gateway.AskAsync(Mails.Unsubscribe(id), "end@branch.example")).Value("ResponseCode"));
        Assert.Equal("ErrorSubscriptionNotFound", (await _gateway.AskAsync(Mails.Unsubscribe(id), "end2@branch.example")).Value("ResponseCode"));
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        await AskUntilLoggedAsync();
        Assert.Empty(Notifications());
    }

    [Fact]
    public async Task The_same_request_again_gets_the_same_answer_and_makes_no_second_subscription()
    {
        string mail = Mails.Request(Mails.Push(), "sub@branch.example");
        await _gateway.SendAsync(mail);
        await _gateway.SendAsync(mail);
        var answers = await _gateway.Smarthost.MailsAsync(2);
        Assert.Single(answers.Select(answer => answer.MessageId).Distinct());
        Assert.Single(answers.Select(answer => answer.Value("SubscriptionId")).Distinct());
        await _gateway.SendAsync(Mails.Request(Mails.Push("CreatedEvent"), "sub@branch.example"));
        var other = await _gateway.Smarthost.MailsAsync(3);
        Assert.Equal(2, other.Select(answer => answer.Value("SubscriptionId")).Distinct().Count());
    }

    public static TheoryData<string, string, string> Errors => new()
    {
        { "an unknown subscription", Mails.GetEvents("bm9uZQ==", "bm9uZQ=="), "ErrorSubscriptionNotFound" },
        { "to end an unknown subscription", Mails.Unsubscribe("bm9uZQ=="), "ErrorSubscriptionNotFound" },
        { "a foreign watermark", Mails.Pull(watermark: "<t:Watermark>AAAA</t:Watermark>"), "ErrorInvalidWatermark" },
        { "an http URL", Mails.Push(url: "http://evil.example/"), "ErrorInvalidPushSubscriptionUrl" },
        { "two addresses", Mails.Push(url: "mailto:a@b.example,c@d.example"), "ErrorInvalidPushSubscriptionUrl" },
        { "a folder that is not there", Mails.Push(folders: "<t:FolderIds><t:FolderId Id=\"AAAA\"/></t:FolderIds>"), "Error" },
        { "neither folders nor all of them", Mails.Pull(folders: ""), "ErrorInvalidSubscriptionRequest" },
        {
            "folders of two mailboxes",
            Mails.Pull(folders: "<t:FolderIds>" + Folder("ann@corp.example") + Folder("bob@corp.example") + "</t:FolderIds>"),
            "ErrorInvalidSubscriptionRequest"
        },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task What_Exchange_would_refuse_is_an_error_response(string why, string body, string code)
    {
        Assert.NotEmpty(why);
        var answer = await _gateway.AskAsync(body, "1@branch.example");
        Assert.StartsWith(code, answer.Value("ResponseCode"), StringComparison.Ordinal);
        Assert.NotNull(answer.Value("MessageText"));
        Assert.Equal("0", answer.Value("DescriptiveLinkKey"));
        Assert.Contains(answer.Envelope().Descendants(), e => e.Attribute("ResponseClass")?.Value == "Error");
    }

    [Fact]
    public async Task Answers_and_notifications_are_valid_by_the_Exchange_schema()
    {
        var schema = ExchangeSchema.Find();
        Assert.SkipWhen(schema is null, ExchangeSchema.Missing);
        var answer = await _gateway.AskAsync(Mails.Push("NewMailEvent CreatedEvent ModifiedEvent"), "sub@branch.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var mail = await NotificationAsync(1);
        var page = await _gateway.AskAsync(Mails.GetEvents(answer.Value("SubscriptionId")!, answer.Value("Watermark")!), "get@branch.example");
        var ended = await _gateway.AskAsync(Mails.Unsubscribe(answer.Value("SubscriptionId")!), "end@branch.example");
        var missing = await _gateway.AskAsync(Mails.Unsubscribe("bm9uZQ=="), "end2@branch.example");
        Assert.All(new[] { answer, mail, page, ended, missing }, m => Assert.Empty(schema!.Violations(m.BodyText)));
    }

    [Fact]
    public async Task A_restart_of_the_relay_loses_no_event_and_breaks_no_chain()
    {
        var answer = await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Before", "shop@web.example");
        var before = await NotificationAsync(1);
        await _gateway.StopRelayAsync();
        _gateway.Exchange.DeliverMail("ann@corp.example", "Meanwhile", "shop@web.example");
        await _gateway.StartRelayAsync();
        var after = await NotificationAsync(2);
        Assert.Equal(before.Field("Relay-Watermark"), after.Value("PreviousWatermark"));
        Assert.Equal("yes", after.Field("Relay-Caught-Up"));
        Assert.Equal(answer.Value("SubscriptionId"), after.Field("Relay-Subscription"));
    }

    [Fact]
    public async Task A_notification_that_is_deferred_comes_again_under_its_id_and_holds_back_the_next()
    {
        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        _gateway.Smarthost.Next(MailServerStage.Content, new MailServerOrder.Answer("451 4.3.0 later"));
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        await Eventually.TrueAsync(() => _gateway.Smarthost.Transcript.Contains("451 4.3.0 later", StringComparison.Ordinal), "a deferral");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 2", "shop@web.example");
        var first = await NotificationAsync(1);
        var second = await NotificationAsync(2);
        Assert.Equal(first.Field("Relay-Watermark"), second.Value("PreviousWatermark"));
    }

    [Fact]
    public async Task A_mail_to_the_List_Unsubscribe_address_ends_the_subscription()
    {
        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var mail = await NotificationAsync(1);
        string address = mail.Field("List-Unsubscribe")!["<mailto:".Length..^1];
        Assert.Null(mail.Field("List-Unsubscribe-Post")); // RFC 8058 §3.1: only with an https URI
        await _gateway.SendAsync(Mails.Mail("", "bye@branch.example", type: null), address);
        await Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Subscriptions.CountActive()) == 0, "no subscription");

        string other = (await _gateway.AskAsync(Mails.Push(), "other@branch.example")).Value("SubscriptionId")!;
        int mails = _gateway.Smarthost.Mails.Count;
        Assert.StartsWith("250", await _gateway.SendAsync(Mails.Mail("", "again@branch.example", type: null), address), StringComparison.Ordinal);
        await _gateway.SettledAsync();
        Assert.Equal(SubscriptionState.Active, _gateway.Store.Read(t => t.Subscriptions.FindByPublicId(other))!.State);
        Assert.Equal(mails, _gateway.Smarthost.Mails.Count);
    }

    [Theory]
    [InlineData("OK", 1)]
    [InlineData("Unsubscribe", 0)]
    public async Task A_reply_to_a_notification_acknowledges_or_ends(string status, int subscriptionsLeft)
    {
        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var mail = await NotificationAsync(1);
        int mails = _gateway.Smarthost.Mails.Count;
        await _gateway.SendAsync(Mails.Request(
            $"<m:SendNotificationResult><m:SubscriptionStatus>{status}</m:SubscriptionStatus></m:SendNotificationResult>", "ack@branch.example",
            fields: $"In-Reply-To: {mail.MessageId}\nAuto-Submitted: auto-replied\n"));
        await _gateway.SettledAsync();
        Assert.Equal(subscriptionsLeft, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
        Assert.Equal(mails, _gateway.Smarthost.Mails.Count);
    }

    private static string Own(string operation, string id) =>
        $"<r:{operation} xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{id}</r:SubscriptionId></r:{operation}>";

    private static string Folder(string mailbox) =>
        $"<t:DistinguishedFolderId Id=\"inbox\"><t:Mailbox><t:EmailAddress>{mailbox}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>";

    private IReadOnlyList<RecordedMail> Notifications() => [.. _gateway.Smarthost.Mails.Where(mail => mail.Field("Relay-Sequence") is not null)];

    private Task<RecordedMail> NotificationAsync(int sequence) =>
        _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == $"{sequence}", $"notification {sequence}");

    private async Task<RecordedMail> AskUntilAsync(string id, string watermark, int events)
    {
        for (int i = 0; i < 100; i++)
        {
            var page = await _gateway.AskAsync(Mails.GetEvents(id, watermark), $"get{i}@poll.example");
            if (page.Events().Count >= events)
            {
                return page;
            }
        }

        throw new TimeoutException($"{events} events did not come.");
    }

    private Task AskUntilLoggedAsync() =>
        Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Events.End()).Value > 0, "the event in the log");
}
