using Relay.Store;

namespace Relay.Tests.Store;

/// <summary>What the operator may do by hand, and what the store keeps so that a mail's way can be told.</summary>
public abstract class OperatorContract(TestStore database) : StoreContract(database)
{
    [Fact]
    public async Task A_request_is_found_by_its_id_with_or_without_brackets_as_often_as_it_came()
    {
        await Commit(t => t.Handled.Add(new HandledMail(7, Noon, "<1@b.example>", ["<a@g.example>", "<b@g.example>"])));
        await Commit(t => t.Handled.Add(new HandledMail(9, Noon, "1@b.example", [])));
        await Commit(t => t.Handled.Add(new HandledMail(8, Noon, "<2@b.example>", [])));

        Assert.Equal([7, 9], Store.Read(t => t.Handled.OfRequest("1@b.example")).Select(mail => mail.SpoolId));
        Assert.Equal([7, 9], Store.Read(t => t.Handled.OfRequest("<1@b.example>")).Select(mail => mail.SpoolId));
        Assert.Equal(["<a@g.example>", "<b@g.example>"], Store.Read(t => t.Handled.Find(7))!.LedTo);
        Assert.Null(Store.Read(t => t.Handled.Find(1)));
    }

    [Fact]
    public async Task What_was_handled_long_ago_is_forgotten_and_nothing_later()
    {
        for (int i = 1; i <= 4; i++)
        {
            int day = i;
            await Commit(t => t.Handled.Add(new HandledMail(day, Noon.AddDays(day), $"<{day}@b.example>", [])));
        }

        Assert.Equal(2, await Commit(t => t.Handled.Purge(Noon.AddDays(3), 100)));
        Assert.Null(Store.Read(t => t.Handled.Find(2)));
        Assert.NotNull(Store.Read(t => t.Handled.Find(3)));
    }

    [Fact]
    public async Task Actions_are_read_in_order_from_any_of_them_on()
    {
        Assert.Equal(0, Store.Read(t => t.OperatorActions.LastId()));
        await Commit(t => t.OperatorActions.Add(new OperatorAction(0, Noon, 1, null, null, "dropped")));
        long first = Store.Read(t => t.OperatorActions.LastId());
        await Commit(t => t.OperatorActions.Add(new OperatorAction(0, Noon.AddDays(1), null, 2, 3, "made due")));

        var later = Assert.Single(Store.Read(t => t.OperatorActions.After(first, 10)));
        Assert.Equal((null, 2L, 3L, "made due"), (later.SpoolId, later.OutboxId!.Value, later.SubscriptionId!.Value, later.Action));
        Assert.Equal(1, await Commit(t => t.OperatorActions.Purge(Noon.AddHours(1), 10)));
        Assert.Equal([later], Store.Read(t => t.OperatorActions.After(0, 10)));
    }

    [Fact]
    public async Task An_outgoing_mail_tells_each_attempt_that_failed()
    {
        long id = await Commit(t => t.Outbox.Add(OutMail()));
        await Commit(t => t.Outbox.NoteFailure(id, new FailedAttempt(Noon, "Recipient: 450 4.2.0 later")));
        await Commit(t => t.Outbox.NoteFailure(id, new FailedAttempt(Noon.AddMinutes(1), "Connect: two\r\nlines")));

        var waiting = Store.Read(t => t.Outbox.Trail(id))!;
        await Commit(t => t.Outbox.Delivered(id, "250 ok", Noon.AddMinutes(2)));

        Assert.Null(waiting.SettledAt);
        Assert.Equal([new FailedAttempt(Noon, "Recipient: 450 4.2.0 later"), new FailedAttempt(Noon.AddMinutes(1), "Connect: two / lines")], waiting.Failures);
        Assert.Equal(Noon.AddMinutes(2), Store.Read(t => t.Outbox.Trail(id))!.SettledAt);
        Assert.Null(Store.Read(t => t.Outbox.Trail(id + 1)));
    }

    [Theory]
    [InlineData("waiting", false, false, true)]
    [InlineData("in the hands of a worker", true, false, false)]
    [InlineData("given up", true, true, true)]
    public async Task An_outgoing_mail_can_be_dropped_unless_it_is_under_way(string why, bool claimed, bool givenUp, bool drops)
    {
        long id = await Commit(t => t.Outbox.Add(OutMail()));
        _ = claimed && (await Commit(t => t.Outbox.Claim(1, Noon, Lease))).Count > 0;
        _ = givenUp && await Commit(t => t.Outbox.GiveUp(id, "refused", Noon));

        Assert.True(drops == await Commit(t => t.Outbox.Discard(id, "dropped", Noon)), why);
        Assert.Equal(drops, Store.Read(t => t.Outbox.List(OutboxState.Dropped, 0, 10)).Count == 1);
        Assert.Empty(await Commit(t => t.Outbox.Claim(1, Noon, Lease)));
        Assert.False(drops && await Commit(t => t.Outbox.RetryNow(id)), "A dropped mail stays dropped.");
        Assert.Equal(drops ? 1 : 0, await Commit(t => t.Outbox.Purge(Noon.AddDays(1), 10)));
    }

    [Theory]
    [InlineData("waiting", false, false, true)]
    [InlineData("in the hands of a worker", true, false, false)]
    [InlineData("set aside", true, true, true)]
    public async Task A_spooled_mail_can_be_dropped_unless_it_is_under_way(string why, bool claimed, bool setAside, bool drops)
    {
        long id = await Commit(t => t.Spool.Add(Mail()));
        _ = claimed && (await Commit(t => t.Spool.Claim(1, Noon, Lease))).Count > 0;
        _ = setAside && await Commit(t => t.Spool.SetAside(id, "failed"));

        Assert.True(drops == await Commit(t => t.Spool.Discard(id, "dropped")), why);
        Assert.Equal(drops ? (SpoolState.Done, "dropped") : (SpoolState.Claimed, null), (Store.Read(t => t.Spool.Find(id))!.State, Store.Read(t => t.Spool.Find(id))!.Note));
        Assert.Empty(await Commit(t => t.Spool.Claim(1, Noon, Lease)));
    }

    [Fact]
    public async Task A_spooled_mail_tells_where_it_came_from_and_is_found_by_our_id_for_it()
    {
        await Commit(t => t.Spool.Add(Mail("one@g")));
        await Commit(t => t.Spool.Add(Mail("two@g")));

        var found = Store.Read(t => t.Spool.FindByMailId("two@g"))!;

        Assert.Equal(2, found.Id);
        Assert.Equal(Mail().Origin, found.Origin);
        Assert.Null(Store.Read(t => t.Spool.FindByMailId("three@g")));
    }

    [Fact]
    public async Task The_mails_of_a_subscription_are_found_in_every_state()
    {
        for (int i = 1; i <= 4; i++)
        {
            int sequence = i;
            long id = await Commit(t => t.Outbox.Add(OutMail($"<{sequence}@g>", OutboxKind.Notification, subscription: 5, sequence)));
            _ = sequence < 3 && await Commit(t => t.Outbox.Delivered(id, "250", Noon));
        }

        Assert.Equal([2, 3, 4], Store.Read(t => t.Outbox.OfSubscription(5, 3)).Select(mail => mail.Sequence!.Value));
    }

    [Fact]
    public async Task Gaps_are_found_among_the_events_latest_first()
    {
        long mailbox = await Commit(t => t.Watches.MailboxId("ann@corp.example"));
        await Commit(t => t.Events.Append(mailbox, [Event("a"), Event("b")], false, Noon));
        await Commit(t => t.Events.AppendGap(mailbox, new EventGap(null, Noon, null, "first"), Noon));
        var last = await Commit(t => t.Events.AppendGap(mailbox, new EventGap(Noon, Noon, "inbox", "second"), Noon));

        Assert.Equal(["second", "first"], Store.Read(t => t.Events.LastGaps(10)).Select(gap => gap.Gap!.Reason));
        Assert.Equal("second", Store.Read(t => t.Events.At(last))!.Gap!.Reason);
        Assert.Equal("b", Store.Read(t => t.Events.At(new LogPosition(2)))!.Event.Object.Id);
        Assert.Null(Store.Read(t => t.Events.At(new LogPosition(99))));
    }

    [Fact]
    public async Task Subscriptions_are_counted_by_state_and_found_by_what_asked_for_them()
    {
        long paused = await Commit(t => t.Subscriptions.Add(NewSubscription("one")));
        await Commit(t => t.Subscriptions.Add(NewSubscription("two")));
        long ended = await Commit(t => t.Subscriptions.Add(NewSubscription("three")));
        await Commit(t => t.Subscriptions.SetState(paused, SubscriptionState.Paused, null, Noon));
        await Commit(t => t.Subscriptions.End(ended, "over", Noon));

        var counts = Store.Read(t => t.Subscriptions.CountByState());

        Assert.Equal((1, 1, 2), (counts[SubscriptionState.Active], counts[SubscriptionState.Paused], counts.Count));
        Assert.Equal(3, Store.Read(t => t.Subscriptions.OfRootMessage("<7f0c1d@branch.example>")).Count);
        Assert.Empty(Store.Read(t => t.Subscriptions.OfRootMessage("<other@branch.example>")));
    }
}
