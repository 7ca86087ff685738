using Relay.Store;

namespace Relay.Tests.Store;

public abstract class OutboxContract(TestStore database) : StoreContract(database)
{
    [Fact]
    public async Task What_is_claimed_is_what_was_added()
    {
        var added = OutMail(kind: OutboxKind.Notification, subscription: 7, sequence: 3) with { ReversePath = "bounce+t@gateway.example" };
        var id = await Commit(tx => tx.Outbox.Add(added));

        var claimed = Assert.Single(await Commit(tx => tx.Outbox.Claim(10, Noon, Lease)));

        Assert.Equal(added.Content.ToArray(), Store.Read(tx => tx.Outbox.Content(id))!.Value.ToArray());
        Assert.Equal(
            new OutboxMail(id, added.Kind, added.ReversePath, added.Recipient, added.MessageId, 3, 7, 3, 1, Noon, claimed.Lane) { ClaimedUntil = Noon + Lease }, claimed);
    }

    [Fact]
    public async Task The_senders_wishes_go_with_a_mail_that_is_passed_on_and_a_delay_is_noted_once()
    {
        var wishes = new ReportWishes("x", null, [new RecipientWishes("DELAY", "rfc822;a@b")]);
        var id = await Commit(tx => tx.Outbox.Add(OutMail() with { Wishes = wishes }));
        await Commit(tx => tx.Outbox.Add(OutMail("<2@g>") with { Wishes = ReportWishes.None }));

        var claimed = await Commit(tx => tx.Outbox.Claim(10, Noon, Lease));

        Assert.Equal(wishes.Write(), claimed[0].Wishes!.Write());
        Assert.Equal([RecipientWishes.None], claimed[1].Wishes!.Recipients);
        Assert.True(await Commit(tx => tx.Outbox.NoteDelayTold(id)));
        Assert.False(await Commit(tx => tx.Outbox.NoteDelayTold(id)));
    }

    [Fact]
    public async Task Answers_go_before_notifications_and_older_before_newer()
    {
        var ids = await Commit(tx => new[]
        {
            tx.Outbox.Add(OutMail("<1@g>", OutboxKind.Notification)),
            tx.Outbox.Add(OutMail("<2@g>", OutboxKind.Notification)),
            tx.Outbox.Add(OutMail("<3@g>")),
            tx.Outbox.Add(OutMail("<4@g>")),
        });

        Assert.Equal([ids[2], ids[3], ids[0]], (await Commit(tx => tx.Outbox.Claim(3, Noon, Lease))).Select(mail => mail.Id));
        Assert.Equal([ids[1]], (await Commit(tx => tx.Outbox.Claim(3, Noon, Lease))).Select(mail => mail.Id));
    }

    [Fact]
    public async Task A_repeat_has_the_same_octets_and_the_same_message_id()
    {
        var id = await Commit(tx => tx.Outbox.Add(OutMail()));
        var first = (await Commit(tx => tx.Outbox.Claim(1, Noon, Lease)))[0];
        Assert.True(await Commit(tx => tx.Outbox.Retry(id, Noon + TimeSpan.FromMinutes(1), "451 later")));

        Assert.Empty(await Commit(tx => tx.Outbox.Claim(1, Noon, Lease)));
        var second = (await Commit(tx => tx.Outbox.Claim(1, Noon + TimeSpan.FromMinutes(1), Lease)))[0];

        Assert.Equal(first.MessageId, second.MessageId);
        Assert.Equal(OutMail().Content.ToArray(), Store.Read(tx => tx.Outbox.Content(second.Id))!.Value.ToArray());
        Assert.Equal(2, second.Attempts);
    }

    [Fact]
    public async Task A_mail_that_is_put_back_has_used_no_attempt()
    {
        var id = await Commit(tx => tx.Outbox.Add(OutMail()));
        for (var time = 1; time <= 2; time++)
        {
            var mail = (await Commit(tx => tx.Outbox.Claim(1, Noon, Lease)))[0];
            Assert.Equal(1, mail.Attempts);
            Assert.True(await Commit(tx => tx.Outbox.PutBack(mail, Noon, "the smarthost is away")));
            Assert.Equal(0, Store.Read(tx => tx.Outbox.Find(id))!.Attempts);
            Assert.False(await Commit(tx => tx.Outbox.PutBack(mail, Noon, "again")));
        }
    }

    [Fact]
    public async Task A_mail_whose_claim_ran_out_is_not_put_back_from_under_who_has_it_now()
    {
        await Commit(tx => tx.Outbox.Add(OutMail()));
        var late = Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon, Lease)));
        var held = Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon + Lease, Lease)));

        Assert.False(await Commit(tx => tx.Outbox.PutBack(late, Noon, "the relay was stopping")));
        Assert.Empty(await Commit(tx => tx.Outbox.Claim(1, Noon + Lease, Lease)));

        var renewed = await Commit(tx => tx.Outbox.Renew(held, Noon + Lease, 2 * Lease));
        Assert.False(await Commit(tx => tx.Outbox.PutBack(held, Noon, "under the claim as it was")));
        Assert.True(await Commit(tx => tx.Outbox.PutBack(renewed!, Noon, "the relay was stopping")));
    }

    [Fact]
    public async Task A_claim_that_a_crash_cut_has_used_no_attempt()
    {
        var id = await Commit(tx => tx.Outbox.Add(OutMail()));
        for (var crash = 1; crash <= 12; crash++)
        {
            Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon, Lease)));
            Assert.Equal(1, await Commit(tx => tx.Outbox.ReleaseAllClaims()));
        }

        Assert.Equal(1, Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon, Lease))).Attempts);
        Assert.Equal(1, Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon + Lease, Lease))).Attempts); // with several relays its lease runs out
        await Commit(tx => tx.Outbox.Retry(id, Noon, "451 later"));
        await Commit(tx => tx.Outbox.ReleaseAllClaims());
        Assert.Equal(2, Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon, Lease))).Attempts);
    }

    [Fact]
    public async Task A_mail_that_came_back_is_given_up_once_and_may_be_repeated()
    {
        var id = await Commit(tx => tx.Outbox.Add(OutMail()));
        await Commit(tx => tx.Outbox.Claim(1, Noon, Lease));
        Assert.False(await Commit(tx => tx.Outbox.Repeat(id)));
        await Commit(tx => tx.Outbox.Delivered(id, "250", Noon));
        Assert.True(await Commit(tx => tx.Outbox.Returned(id, "came back", Noon)));
        Assert.False(await Commit(tx => tx.Outbox.Returned(id, "came back", Noon)));
        Assert.True(await Commit(tx => tx.Outbox.Repeat(id)));
        Assert.Equal(1, (await Commit(tx => tx.Outbox.Claim(1, Noon, Lease, [1, -2])))[0].Attempts);
    }

    [Fact]
    public async Task A_lease_that_runs_out_lets_another_claim_and_the_first_settlement_counts()
    {
        var id = await Commit(tx => tx.Outbox.Add(OutMail()));
        await Commit(tx => tx.Outbox.Claim(1, Noon, Lease));
        Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon + Lease, Lease)));

        Assert.True(await Commit(tx => tx.Outbox.Delivered(id, "250 first", Noon)));
        Assert.False(await Commit(tx => tx.Outbox.Delivered(id, "250 second", Noon)));
        Assert.False(await Commit(tx => tx.Outbox.GiveUp(id, "late", Noon)));
        Assert.False(await Commit(tx => tx.Outbox.Retry(id, Noon, "late")));
        Assert.Equal("250 first", Store.Read(tx => tx.Outbox.Find(id))!.Note);
    }

    [Fact]
    public async Task A_claim_is_renewed_unless_another_has_the_mail()
    {
        await Commit(tx => tx.Outbox.Add(OutMail()));
        var first = Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon, Lease)));
        var renewed = await Commit(tx => tx.Outbox.Renew(first, Noon + (2 * Lease), Lease));
        Assert.Equal(first with { ClaimedUntil = Noon + (3 * Lease) }, renewed);
        Assert.Empty(await Commit(tx => tx.Outbox.Claim(1, Noon + (2 * Lease), Lease)));
        Assert.Null(await Commit(tx => tx.Outbox.Renew(first, Noon, Lease)));

        var second = Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon + (3 * Lease), Lease)));
        Assert.Null(await Commit(tx => tx.Outbox.Renew(renewed!, Noon + (3 * Lease), Lease)));
        await Commit(tx => tx.Outbox.Delivered(second.Id, "250", Noon));
        Assert.Null(await Commit(tx => tx.Outbox.Renew(second, Noon + (3 * Lease), Lease)));
    }

    [Fact]
    public async Task Subscriptions_with_mail_under_way_are_those_with_open_rows_each_once()
    {
        var done = await Commit(tx => tx.Outbox.Add(OutMail("<1@g>", OutboxKind.Notification, subscription: 1)));
        await Commit(tx => tx.Outbox.Add(OutMail("<2@g>", OutboxKind.Notification, subscription: 2)));
        await Commit(tx => tx.Outbox.Add(OutMail("<3@g>", OutboxKind.Notification, subscription: 2)));
        await Commit(tx => tx.Outbox.Add(OutMail("<4@g>")));
        await Commit(tx => tx.Outbox.Claim(1, Noon, Lease));
        await Commit(tx => tx.Outbox.Delivered(done, "250", Noon));

        Assert.Equal([2L], Store.Read(tx => tx.Outbox.SubscriptionsWithMailUnderWay()));
        Assert.True(Store.Read(tx => tx.Outbox.HasMailUnderWay(2)));
        Assert.False(Store.Read(tx => tx.Outbox.HasMailUnderWay(1)));
    }

    [Fact]
    public async Task A_mail_given_up_is_shown_and_can_be_tried_again()
    {
        var id = await Commit(tx => tx.Outbox.Add(OutMail()));
        await Commit(tx => tx.Outbox.Claim(1, Noon, Lease));
        Assert.True(await Commit(tx => tx.Outbox.GiveUp(id, "550 5.1.1 no such user", Noon)));

        Assert.Equal(id, Assert.Single(Store.Read(tx => tx.Outbox.List(OutboxState.GivenUp, 0, 10))).Id);
        Assert.Equal(1, Store.Read(tx => tx.Outbox.Counts()).Failed);
        Assert.True(await Commit(tx => tx.Outbox.RetryNow(id)));
        Assert.Equal(1, Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon, Lease))).Attempts);
    }

    [Fact]
    public async Task Answers_can_be_claimed_alone()
    {
        await Commit(tx => tx.Outbox.Add(OutMail("<1@g>", OutboxKind.Notification)));
        var answer = await Commit(tx => tx.Outbox.Add(OutMail("<2@g>")));

        Assert.Equal([answer], (await Commit(tx => tx.Outbox.Claim(10, Noon, Lease, answersOnly: true))).Select(mail => mail.Id));
    }

    [Fact]
    public async Task Mails_to_busy_lanes_are_left_where_they_are()
    {
        var ids = await Commit(tx => new[]
        {
            tx.Outbox.Add(OutMail("<1@g>") with { Recipient = "one@slow.example" }),
            tx.Outbox.Add(OutMail("<2@g>") with { Recipient = "two@SLOW.example" }),
            tx.Outbox.Add(OutMail("<3@g>") with { Recipient = "three@fast.example" }),
        });
        var first = Assert.Single(await Commit(tx => tx.Outbox.Claim(1, Noon, Lease)));

        Assert.Equal([ids[2]], (await Commit(tx => tx.Outbox.Claim(10, Noon, Lease, [7, first.Lane]))).Select(mail => mail.Id));
        Assert.Equal([ids[1]], (await Commit(tx => tx.Outbox.Claim(10, Noon, Lease, [7]))).Select(mail => mail.Id));
    }

    [Fact]
    public async Task A_mail_that_came_back_is_given_up_once_whatever_was_settled_before()
    {
        var id = await Commit(tx => tx.Outbox.Add(OutMail()));
        await Commit(tx => tx.Outbox.Claim(1, Noon, Lease));
        await Commit(tx => tx.Outbox.Delivered(id, "250", Noon));

        Assert.True(await Commit(tx => tx.Outbox.Returned(id, "5.1.1", Noon)));
        Assert.False(await Commit(tx => tx.Outbox.Returned(id, "5.1.1", Noon)));
        Assert.Equal(OutboxState.GivenUp, Store.Read(tx => tx.Outbox.Find(id))!.State);
        Assert.Equal(1, Store.Read(tx => tx.Outbox.Counts()).Failed);
    }

    [Fact]
    public async Task A_notification_remembers_where_its_subscription_stood_before_it()
    {
        var subscription = await Commit(tx => tx.Subscriptions.Add(NewSubscription() with { Cursor = new LogPosition(41) }));
        await Commit(tx =>
        {
            tx.Outbox.Add(OutMail("<1@g>", OutboxKind.Notification, subscription, 1));
            tx.Subscriptions.Advance(subscription, new LogPosition(50), 1, Noon);
            tx.Outbox.Add(OutMail("<2@g>", OutboxKind.Notification, subscription, 2));
            tx.Outbox.Add(OutMail("<3@g>", OutboxKind.Notification, subscription));
        });

        Assert.Equal(new LogPosition(41), Store.Read(tx => tx.Outbox.FindByMessageKey(TextKey.Of("<1@g>")))!.CursorBefore);
        var last = Store.Read(tx => tx.Outbox.LastOfSubscription(subscription))!;
        Assert.Equal(("<2@g>", new LogPosition(50)), (last.MessageId, last.CursorBefore));
        Assert.Null(Store.Read(tx => tx.Outbox.LastOfSubscription(subscription + 1)));
    }

    [Fact]
    public async Task A_mail_is_found_by_its_message_id()
    {
        var id = await Commit(tx => tx.Outbox.Add(OutMail("<a@g>")));
        await Commit(tx => tx.Outbox.Add(OutMail("<b@g>")));

        Assert.Equal(id, Store.Read(tx => tx.Outbox.FindByMessageId("<a@g>"))!.Id);
        Assert.Null(Store.Read(tx => tx.Outbox.FindByMessageId("<c@g>")));
    }

    [Fact]
    public async Task Mails_of_an_ended_subscription_are_dropped_unless_one_is_being_sent()
    {
        var sending = await Commit(tx => tx.Outbox.Add(OutMail("<1@g>", OutboxKind.Notification, subscription: 1)));
        await Commit(tx => tx.Outbox.Claim(1, Noon, Lease));
        await Commit(tx => tx.Outbox.Add(OutMail("<2@g>", OutboxKind.Notification, subscription: 1)));
        await Commit(tx => tx.Outbox.Add(OutMail("<3@g>", OutboxKind.Notification, subscription: 2)));

        Assert.Equal(1, await Commit(tx => tx.Outbox.DropOfSubscription(1)));
        Assert.Equal(["<1@g>", "<3@g>"], Store.Read(tx => tx.Outbox.List(null, 0, 10)).Select(mail => mail.MessageId));
        Assert.True(await Commit(tx => tx.Outbox.Delivered(sending, "250", Noon)));
    }

    [Fact]
    public async Task Settled_mails_are_purged_by_age_and_open_ones_never()
    {
        var ids = await Commit(tx => Enumerable.Range(0, 5).Select(i => tx.Outbox.Add(OutMail($"<{i}@g>"))).ToArray());
        await Commit(tx => tx.Outbox.Claim(3, Noon, Lease));
        await Commit(tx => tx.Outbox.Delivered(ids[0], "250", Noon) && tx.Outbox.Delivered(ids[1], "250", Noon));
        await Commit(tx => tx.Outbox.GiveUp(ids[2], "550", Noon));

        Assert.Equal(0, await Commit(tx => tx.Outbox.Purge(Noon, 100)));
        Assert.Equal(2, await Commit(tx => tx.Outbox.Purge(Noon + TimeSpan.FromHours(1), 2)));
        Assert.Equal(1, await Commit(tx => tx.Outbox.Purge(Noon + TimeSpan.FromHours(1), 2)));
        Assert.Equal(ids[3..], Store.Read(tx => tx.Outbox.List(null, 0, 10)).Select(mail => mail.Id));
        Assert.Null(Store.Read(tx => tx.Outbox.Content(ids[0])));
    }

    [Fact]
    public async Task What_was_settled_late_is_kept_as_long_as_what_was_settled_at_once()
    {
        var id = await Commit(tx => tx.Outbox.Add(OutMail()));
        await Commit(tx => tx.Outbox.GiveUp(id, "451 for five days", Noon.AddDays(5)));

        Assert.Equal(0, await Commit(tx => tx.Outbox.Purge(Noon.AddDays(5), 100)));
        Assert.Equal(id, Assert.Single(Store.Read(tx => tx.Outbox.List(OutboxState.GivenUp, 0, 10))).Id);
        Assert.Equal(1, await Commit(tx => tx.Outbox.Purge(Noon.AddDays(5).AddSeconds(1), 100)));
    }

    [Fact]
    public async Task Answers_that_wait_are_counted_up_to_what_is_asked()
    {
        await Commit(tx => tx.Outbox.Add(OutMail("<1@g>")));
        await Commit(tx => tx.Outbox.Add(OutMail("<2@g>", OutboxKind.Notification)));

        Assert.True(Store.Read(tx => tx.Outbox.HasAnswersWaiting(1)));
        Assert.False(Store.Read(tx => tx.Outbox.HasAnswersWaiting(2)));
    }
}
