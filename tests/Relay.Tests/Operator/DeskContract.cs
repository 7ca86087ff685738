using System.Security.Cryptography;
using Relay.Operator;
using Relay.Reports;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Tests.Store;

namespace Relay.Tests.Operator;

/// <summary>What the operator's commands tell and do, on each kind of store.</summary>
public abstract class DeskContract(TestStore database) : StoreContract(database)
{
    private QueueDesk Queue => new(Store, TimeProvider.System);

    private DropReports Reports => new(
        new DeliveryReports(new OwnMessageIds([1], new IdSource(RandomNumberGenerator.Create())), "gateway.example", TimeProvider.System), Store.MailFiles);

    private Tracer Tracer => new(Store, TimeProvider.System);

    private SubscriptionDesk Subscriptions => new(Store, TimeProvider.System);

    [Fact]
    public async Task The_queues_are_listed_together_oldest_first_and_counted_whole()
    {
        await Commit(t => t.Spool.Add(Mail("one@g") with { ReceivedAt = Noon.AddMinutes(2) }));
        await Commit(t => t.Outbox.Add(OutMail("<a@g>") with { CreatedAt = Noon.AddMinutes(1) }));
        long aside = await Commit(t => t.Spool.Add(Mail("two@g")));
        await Commit(t => t.Spool.SetAside(aside, "it failed"));
        long done = await Commit(t => t.Outbox.Add(OutMail("<b@g>")));
        await Commit(t => t.Outbox.Delivered(done, "250 ok", Noon));

        var (all, count) = Queue.List(10);
        var (first, countOfAll) = Queue.List(1);

        Assert.Equal([("in-2", "set aside"), ("out-1", "waiting"), ("in-1", "waiting")], all.Select(mail => (mail.Id, mail.State)));
        Assert.Equal((3, 3, "in-2"), (count, countOfAll, Assert.Single(first).Id));
    }

    [Fact]
    public async Task A_mail_that_was_given_up_is_made_due_again_and_the_act_is_kept()
    {
        long id = await Commit(t => t.Outbox.Add(OutMail("<n@g>", OutboxKind.Notification, subscription: 5, sequence: 1)));
        await Commit(t => t.Outbox.GiveUp(id, "Recipient: 550 5.1.1 gone", Noon));

        var (done, _) = await Queue.RetryAsync(new QueueId(false, id), CancellationToken.None);

        Assert.True(done);
        Assert.Equal("waiting", Assert.Single(Queue.List(10).Mails).State);
        var action = Assert.Single(Store.Read(t => t.OperatorActions.After(0, 10)));
        Assert.Equal((id, 5), (action.OutboxId, action.SubscriptionId));
    }

    [Fact]
    public async Task What_cannot_be_done_leaves_no_trace_of_an_act()
    {
        long id = await Commit(t => t.Spool.Add(Mail()));
        await Commit(t => t.Spool.Claim(1, Noon, Lease));

        Assert.Contains("in the hands", (await Queue.DropAsync(new QueueId(true, id), null, CancellationToken.None)).Sentence, StringComparison.Ordinal);
        Assert.Contains("no mail in-99", (await Queue.RetryAsync(new QueueId(true, 99), CancellationToken.None)).Sentence, StringComparison.Ordinal);
        await Commit(t => t.Spool.Settle(id, "answered"));
        Assert.Contains("is done", (await Queue.RetryAsync(new QueueId(true, id), CancellationToken.None)).Sentence, StringComparison.Ordinal);
        Assert.Empty(Store.Read(t => t.OperatorActions.After(0, 10)));
    }

    [Theory]
    [InlineData("as by default", null, "smtp", "app@branch.example", true)]
    [InlineData("by LMTP", null, "lmtp", "app@branch.example", true)]
    [InlineData("of failures", "FAILURE,DELAY", "smtp", "app@branch.example", true)]
    [InlineData("of success only", "SUCCESS", "smtp", "app@branch.example", false)]
    [InlineData("never", "NEVER", "smtp", "app@branch.example", false)]
    [InlineData("a report itself", null, "smtp", null, false)]
    [InlineData("from a mailbox file, by whoever", null, "pickup", "app@branch.example", false)]
    public async Task The_sender_of_an_incoming_mail_that_is_dropped_is_told_where_that_is_due(
        string why, string? notify, string via, string? sender, bool isTold)
    {
        var mail = Mail("m1@g", "Subject: poison\r\n\r\nbody"u8.ToArray());
        long id = await Commit(t => t.Spool.Add(mail with
        {
            ReversePath = sender,
            Origin = mail.Origin with { Via = via },
            Wishes = notify is null ? null : new ReportWishes("env", null, [new RecipientWishes(notify, null)]),
        }));
        await Commit(t => t.Spool.SetAside(id, "it failed"));
        Assert.Empty(Store.Read(t => t.Outbox.List(null, 0, 10)));

        var (done, sentence) = await Queue.DropAsync(new QueueId(true, id), Reports, CancellationToken.None);

        Assert.Equal((true, isTold), (done, sentence.EndsWith("its sender is told", StringComparison.Ordinal)));
        var reports = Store.Read(t => t.Outbox.List(null, 0, 10));
        Assert.True(reports.Count == (isTold ? 1 : 0), why);
        foreach (var report in reports)
        {
            Assert.Equal(("app@branch.example", null), (report.Recipient, report.ReversePath));
            string text = System.Text.Encoding.UTF8.GetString(Store.Read(t => t.Outbox.Content(report.Id))!.Value.Span);
            Assert.Contains("Action: failed\r\nStatus: 5.3.0\r\n", text, StringComparison.Ordinal);
            Assert.Contains("Subject: poison\r\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mail_that_is_dropped_twice_or_whose_content_is_gone_is_told_of_once()
    {
        long id = await Commit(t => t.Spool.Add(Mail() with { Content = new MailContent.File("gone", 400_000) }));

        Assert.True((await Queue.DropAsync(new QueueId(true, id), Reports, CancellationToken.None)).Done);
        Assert.False((await Queue.DropAsync(new QueueId(true, id), Reports, CancellationToken.None)).Done);
        Assert.Single(Store.Read(t => t.Outbox.List(null, 0, 10)));
    }

    [Theory]
    [InlineData("as by default", null, "ann@where.example", false, true)]
    [InlineData("of failures", "FAILURE", "ann@where.example", false, true)]
    [InlineData("never", "NEVER", "ann@where.example", false, false)]
    [InlineData("a report itself", null, null, false, false)]
    [InlineData("told when it was given up", null, "ann@where.example", true, false)]
    public async Task The_sender_of_a_mail_that_is_not_passed_on_since_it_is_dropped_is_told_once(
        string why, string? notify, string? sender, bool isGivenUp, bool isTold)
    {
        long id = await Commit(t => t.Outbox.Add(OutMail("<from@where.example>", OutboxKind.Notification) with
        {
            ReversePath = sender,
            Recipient = "postmaster@gateway.example",
            Content = "Subject: help\r\n\r\nbody"u8.ToArray(),
            Wishes = new ReportWishes("env", null, [new RecipientWishes(notify, null)]),
        }));
        if (isGivenUp)
        {
            await Commit(t => t.Outbox.GiveUp(id, "Recipient: 550 5.1.1 gone", Noon));
        }

        var (done, sentence) = await Queue.DropAsync(new QueueId(false, id), Reports, CancellationToken.None);
        Assert.False((await Queue.DropAsync(new QueueId(false, id), Reports, CancellationToken.None)).Done);

        Assert.Equal((true, isTold), (done, sentence.EndsWith("its sender is told", StringComparison.Ordinal)));
        var reports = Store.Read(t => t.Outbox.List(OutboxState.Waiting, 0, 10));
        Assert.True(reports.Count == (isTold ? 1 : 0), why);
        foreach (var report in reports)
        {
            Assert.Equal(("ann@where.example", null), (report.Recipient, report.ReversePath));
            string text = System.Text.Encoding.UTF8.GetString(Store.Read(t => t.Outbox.Content(report.Id))!.Value.Span);
            Assert.Contains("Action: failed\r\nStatus: 5.3.0\r\n", text, StringComparison.Ordinal);
            Assert.Contains("Subject: help\r\n", text, StringComparison.Ordinal);
            Assert.Contains("Original-Envelope-Id: env\r\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mail_of_our_own_that_is_dropped_is_told_of_to_nobody()
    {
        long id = await Commit(t => t.Outbox.Add(
            OutMail("<n@g>", OutboxKind.Notification, subscription: 5, sequence: 1) with { ReversePath = "bounce+token@gateway.example" }));

        var act = await Queue.DropAsync(new QueueId(false, id), Reports, CancellationToken.None);

        Assert.Equal((true, $"out-{id} is dropped", false), (act.Done, act.Sentence, act.IsSenderTold));
        Assert.Empty(Store.Read(t => t.Outbox.List(OutboxState.Waiting, 0, 10)));
    }

    [Fact]
    public async Task A_mail_that_is_not_handled_yet_is_traced_by_the_id_in_its_header()
    {
        await Commit(t => t.Spool.Add(Mail("ours@g", "Subject: x\r\nMessage-ID: <waits@b.example>\r\n\r\nbody"u8.ToArray())));
        await Commit(t => t.Spool.Add(Mail("other@g", "Subject: waits@b.example\r\n\r\nMessage-ID: <waits@b.example>\r\n"u8.ToArray())));

        var story = Tracer.Trace("<waits@b.example>");

        Assert.Equal([("in-1", "received"), ("in-1", "waiting")], story.Select(step => (step.Subject, step.What)));
        Assert.Equal(story.Select(step => step.Subject), Tracer.Trace("ours@g").Select(step => step.Subject));
    }

    [Fact]
    public async Task A_request_leads_to_its_answers_and_its_subscription_and_each_of_them_to_it()
    {
        long mailbox = await Commit(t => t.Watches.MailboxId("ann@corp.example"));
        long spooled = await Commit(t => t.Spool.Add(Mail("ours@g")));
        await Commit(t => t.Spool.Claim(1, Noon, Lease));
        long subscription = await Commit(t => t.Subscriptions.Add(NewSubscription(mailbox: mailbox)));
        await Commit(t => t.Outbox.Add(OutMail("<answer@g>") with { Content = "In-Reply-To: <7f0c1d@branch.example>\r\n\r\n"u8.ToArray() }));
        await Commit(t => t.Outbox.Add(OutMail("<told@g>", OutboxKind.Notification, subscription, 1)));
        await Commit(t =>
        {
            t.Spool.Settle(spooled, "subscribed");
            t.Handled.Add(new HandledMail(spooled, Noon, "<7f0c1d@branch.example>", ["<answer@g>"]));
        });

        string[] Subjects(string id) => [.. Tracer.Trace(id).Select(step => step.Subject).Distinct().Order(StringComparer.Ordinal)];

        string[] all = ["in-1", "out-1", "out-2", "public"];
        Assert.Equal(all, Subjects("7f0c1d@branch.example"));
        Assert.Equal(all, Subjects("public"));
        Assert.Equal(all, Subjects("answer@g"));
        Assert.Equal(all, Subjects("out-1"));
        Assert.Equal(["out-2", "public"], Subjects("<told@g>"));
        Assert.Empty(Tracer.Trace("<unknown@g>"));
    }

    [Fact]
    public async Task A_gap_is_traced_by_its_watermark_and_a_foreign_watermark_is_nothing()
    {
        long mailbox = await Commit(t => t.Watches.MailboxId("ann@corp.example"));
        var position = await Commit(t => t.Events.AppendGap(mailbox, new EventGap(null, Noon, null, "the sync state was lost"), Noon));
        var codec = new WatermarkCodec(Store.Read(t => t.Identity.LogId));

        Assert.Contains("the sync state was lost", Assert.Single(Tracer.Trace(codec.Encode(position))).Text, StringComparison.Ordinal);
        Assert.Empty(Tracer.Trace(new WatermarkCodec(Guid.Empty).Encode(position)));
    }

    [Fact]
    public async Task Ending_a_subscription_drops_its_waiting_mails_and_is_kept_as_an_act()
    {
        long mailbox = await Commit(t => t.Watches.MailboxId("ann@corp.example"));
        long id = await Commit(t => t.Subscriptions.Add(NewSubscription("first", mailbox: mailbox)));
        await Commit(t => t.Outbox.Add(OutMail("<n@g>", OutboxKind.Notification, id, 1)));

        Assert.True((await Subscriptions.EndAsync("first", CancellationToken.None)).Done);
        Assert.False((await Subscriptions.EndAsync("first", CancellationToken.None)).Done);
        Assert.False((await Subscriptions.EndAsync("second", CancellationToken.None)).Done);

        Assert.Empty(Queue.List(10).Mails);
        Assert.Equal("ended", Subscriptions.Show("first")!.Value.Subscription.State);
        Assert.Equal(id, Assert.Single(Store.Read(t => t.OperatorActions.After(0, 10))).SubscriptionId);
    }

    [Fact]
    public async Task Reports_hold_no_token()
    {
        const string Token = "00000000000000050123456789abcdef01234567";
        await Commit(t => t.Outbox.Add(OutMail("<n@g>") with
        {
            ReversePath = $"bounce+{Token}@g",
            Content = System.Text.Encoding.ASCII.GetBytes($"List-Unsubscribe: <mailto:unsubscribe+{Token}@g>\r\nRelay-Token: secret\r\n\r\n"),
        }));

        var shown = Queue.Show(new QueueId(false, 1))!;
        string all = $"{shown.Mail.From} {string.Join(' ', shown.Fields())} {string.Join(' ', Tracer.Trace("out-1"))}";

        Assert.Contains("bounce+…@g", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, all, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", all, StringComparison.Ordinal);
    }
}
