using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Store;

public abstract class SubscriptionContract(TestStore database) : StoreContract(database)
{
    [Fact]
    public async Task A_subscription_is_read_as_it_was_added()
    {
        var added = NewSubscription();
        var id = await Commit(tx => tx.Subscriptions.Add(added));
        await Database.ReopenAsync();

        var read = Store.Read(tx => tx.Subscriptions.Find(id))!;

        Assert.Equal(added.Folders, read.Folders);
        Assert.Equal(
            new Subscription(
                id, added.PublicId, added.Principal, added.Kind, added.MailboxId, added.AllFolders, read.Folders, added.EventTypes,
                added.PeriodMinutes, added.NotifyAddress, added.ServiceAddress, added.Version, added.RootMessageId, added.Cursor,
                0, SubscriptionState.Active, null, Noon, Noon, added.Settings),
            read);
    }

    [Fact]
    public async Task Every_way_to_find_a_subscription_finds_the_same()
    {
        await Commit(tx => tx.Subscriptions.Add(NewSubscription("other", "someone else") with { Folders = [] }));
        var id = await Commit(tx => tx.Subscriptions.Add(NewSubscription()));

        var ways = Store.Read(tx => new[]
        {
            tx.Subscriptions.Find(id),
            tx.Subscriptions.FindByPublicId("public"),
            tx.Subscriptions.Active()[1],
            tx.Subscriptions.OfPrincipal("app").Single(),
            tx.Subscriptions.List(id - 1, 1).Single(),
        });

        Assert.All(ways, found => Assert.Equal(ways[0]! with { Folders = found!.Folders }, found));
        Assert.All(ways, found => Assert.Equal(NewSubscription().Folders, found!.Folders));
        Assert.Null(Store.Read(tx => tx.Subscriptions.FindByPublicId("nobody's")));
    }

    [Fact]
    public async Task Advancing_moves_cursor_and_sequence_together()
    {
        var id = await Commit(tx => tx.Subscriptions.Add(NewSubscription()));
        Assert.True(await Commit(tx => tx.Subscriptions.Advance(id, new LogPosition(17), 3, Noon + Lease)));

        var read = Store.Read(tx => tx.Subscriptions.Find(id))!;

        Assert.Equal((new LogPosition(17), 3L, Noon + Lease), (read.Cursor, read.Sequence, read.LastActivityAt));
    }

    [Fact]
    public async Task A_touch_moves_the_cursor_only_when_one_is_given()
    {
        var id = await Commit(tx => tx.Subscriptions.Add(NewSubscription()));
        await Commit(tx => tx.Subscriptions.Touch(id, Noon + Lease, new LogPosition(5)));
        await Commit(tx => tx.Subscriptions.Touch(id, Noon + Lease + Lease));

        var read = Store.Read(tx => tx.Subscriptions.Find(id))!;

        Assert.Equal((new LogPosition(5), Noon + Lease + Lease), (read.Cursor, read.LastActivityAt));
    }

    [Fact]
    public async Task Paused_and_suspended_ones_are_loaded_at_start_and_ended_ones_are_not()
    {
        var ids = await Commit(tx => Enumerable.Range(0, 4).Select(i => tx.Subscriptions.Add(NewSubscription($"p{i}"))).ToArray());
        await Commit(tx => tx.Subscriptions.SetState(ids[1], SubscriptionState.Paused, "by its owner", Noon));
        await Commit(tx => tx.Subscriptions.SetState(ids[2], SubscriptionState.Suspended, "its mail bounces", Noon));
        await Commit(tx => tx.Subscriptions.End(ids[3], "unsubscribed", Noon));

        var active = Store.Read(tx => tx.Subscriptions.Active());

        Assert.Equal(
            [SubscriptionState.Active, SubscriptionState.Paused, SubscriptionState.Suspended], active.Select(subscription => subscription.State));
        Assert.Equal("its mail bounces", active[2].EndReason);
        Assert.Equal(3, Store.Read(tx => tx.Subscriptions.CountActive()));
        Assert.Equal(SubscriptionState.Ended, Store.Read(tx => tx.Subscriptions.Find(ids[3]))!.State);
    }

    [Fact]
    public async Task Nothing_changes_a_subscription_that_has_ended()
    {
        var id = await Commit(tx => tx.Subscriptions.Add(NewSubscription()));
        Assert.True(await Commit(tx => tx.Subscriptions.End(id, "unsubscribed", Noon)));
        var ended = Store.Read(tx => tx.Subscriptions.Find(id))!;

        Assert.False(await Commit(tx => tx.Subscriptions.Advance(id, new LogPosition(9), 9, Noon)));
        Assert.False(await Commit(tx => tx.Subscriptions.Touch(id, Noon + Lease)));
        Assert.False(await Commit(tx => tx.Subscriptions.SetState(id, SubscriptionState.Active, null, Noon)));
        Assert.False(await Commit(tx => tx.Subscriptions.SaveSettings(id, "other")));
        Assert.False(await Commit(tx => tx.Subscriptions.End(id, "again", Noon)));
        Assert.Equal(ended with { Folders = [] }, Store.Read(tx => tx.Subscriptions.Find(id))! with { Folders = [] });
    }

    [Fact]
    public async Task An_address_is_notified_while_an_open_subscription_mails_to_it_by_itself()
    {
        var push = await Commit(tx => tx.Subscriptions.Add(NewSubscription("push") with { NotifyAddress = "App@branch.example" }));
        await Commit(tx => tx.Subscriptions.Add(NewSubscription("pull") with { NotifyAddress = "pull@branch.example", Kind = SubscriptionKind.Pull }));

        Assert.True(Store.Read(tx => tx.Subscriptions.IsNotified("app@BRANCH.example")));
        Assert.False(Store.Read(tx => tx.Subscriptions.IsNotified("pull@branch.example")));
        Assert.False(Store.Read(tx => tx.Subscriptions.IsNotified("branch.example")));
        await Commit(tx => tx.Subscriptions.End(push, "unsubscribed", Noon));
        Assert.False(Store.Read(tx => tx.Subscriptions.IsNotified("app@branch.example")));
    }

    [Fact]
    public async Task Ended_ones_are_purged_by_age_and_their_ids_never_come_back()
    {
        var id = await Commit(tx => tx.Subscriptions.Add(NewSubscription()));
        await Commit(tx => tx.Subscriptions.End(id, "unsubscribed", Noon));

        Assert.Equal(0, await Commit(tx => tx.Subscriptions.Purge(Noon, 10)));
        Assert.Equal(1, await Commit(tx => tx.Subscriptions.Purge(Noon + Lease, 10)));
        Assert.Null(Store.Read(tx => tx.Subscriptions.Find(id)));
        Assert.True(await Commit(tx => tx.Subscriptions.Add(NewSubscription())) > id);
    }

    [Fact]
    public async Task One_that_is_to_be_looked_at_is_found_when_its_time_has_come_even_after_its_end()
    {
        var ids = await Commit(tx => Enumerable.Range(0, 4).Select(i => tx.Subscriptions.Add(NewSubscription($"p{i}"))).ToArray());
        await Commit(tx => tx.Subscriptions.Wake(ids[0], Noon + Lease));
        await Commit(tx => tx.Subscriptions.Wake(ids[1], Noon));
        await Commit(tx => tx.Subscriptions.End(ids[2], "for a test", Noon, tellOwner: true));
        await Commit(tx => tx.Subscriptions.Wake(ids[3], Noon));
        await Commit(tx => tx.Subscriptions.End(ids[3], "for a test", Noon));

        Assert.Equal([ids[1], ids[2]], Store.Read(tx => tx.Subscriptions.Due(Noon, 10)).Select(one => one.Id).Order());
        Assert.Equal(Noon, Store.Read(tx => tx.Subscriptions.NextWake()));
        await Commit(tx =>
        {
            tx.Subscriptions.Wake(ids[1], null);
            tx.Subscriptions.Wake(ids[2], null);
        });
        Assert.Equal(Noon + Lease, Store.Read(tx => tx.Subscriptions.NextWake()));
    }

    [Fact]
    public async Task Rights_are_told_once_and_lead_to_the_subscriptions_that_need_them()
    {
        var (ann, bob) = await Commit(tx => (tx.Watches.MailboxId("ann@corp.example"), tx.Watches.MailboxId("bob@corp.example")));
        var ids = await Commit(tx => new[] { ann, ann, bob, bob }.Select((mailbox, i) => tx.Subscriptions.Add(NewSubscription($"p{i}", mailbox: mailbox))).ToArray());
        await Commit(tx => tx.Subscriptions.End(ids[3], "unsubscribed", Noon));

        var rights = Store.Read(tx => tx.Subscriptions.Rights());

        Assert.Equal(["ann@corp.example", "bob@corp.example"], rights.Select(right => right.Mailbox).Order());
        Assert.Equal([ids[0], ids[1]], Store.Read(tx => tx.Subscriptions.With(rights.Single(right => right.Mailbox == "ann@corp.example"))).Order());
        Assert.Equal([ann, bob], Store.Read(tx => tx.Subscriptions.Mailboxes()).Order());
    }

    [Fact]
    public async Task Those_held_back_since_a_time_are_paused_or_suspended()
    {
        var ids = await Commit(tx => Enumerable.Range(0, 4).Select(i => tx.Subscriptions.Add(NewSubscription($"p{i}"))).ToArray());
        await Commit(tx => tx.Subscriptions.SetState(ids[1], SubscriptionState.Paused, null, Noon));
        await Commit(tx => tx.Subscriptions.SetState(ids[2], SubscriptionState.Suspended, null, Noon));
        await Commit(tx => tx.Subscriptions.SetState(ids[3], SubscriptionState.Paused, null, Noon.AddDays(1)));

        Assert.Equal([ids[1], ids[2]], Store.Read(tx => tx.Subscriptions.HeldBackSince(Noon.AddDays(1), 10)).Select(one => one.Id));
        Assert.Single(Store.Read(tx => tx.Subscriptions.HeldBackSince(Noon.AddDays(1), 1)));
    }

    [Fact]
    public async Task Those_behind_a_position_are_told_by_mail()
    {
        var ids = await Commit(tx => new[] { SubscriptionKind.Pull, SubscriptionKind.Push, SubscriptionKind.Streaming, SubscriptionKind.Push, SubscriptionKind.Push }
            .Select((kind, i) => tx.Subscriptions.Add(NewSubscription($"p{i}") with { Kind = kind })).ToArray());
        await Commit(tx => tx.Subscriptions.Touch(ids[3], Noon, new LogPosition(5)));
        await Commit(tx => tx.Subscriptions.End(ids[4], "for a test", Noon, tellOwner: false));

        Assert.Equal([ids[1], ids[2]], Store.Read(tx => tx.Subscriptions.Behind(new LogPosition(5), 0, 10)).Select(one => one.Id));
        Assert.Equal([ids[2]], Store.Read(tx => tx.Subscriptions.Behind(new LogPosition(5), ids[1], 10)).Select(one => one.Id));
    }

    [Theory]
    [InlineData("the owner of a pull subscription asks from where he stands, and learns it then", SubscriptionKind.Pull)]
    [InlineData("and so does that of a stream", SubscriptionKind.Streaming)]
    public async Task Only_push_is_held_back(string why, SubscriptionKind kind)
    {
        Assert.NotEmpty(why);
        var id = await Commit(tx => tx.Subscriptions.Add(NewSubscription() with { Kind = kind }));
        await Commit(tx => tx.Subscriptions.SetState(id, SubscriptionState.Paused, null, Noon));

        Assert.Empty(Store.Read(tx => tx.Subscriptions.HeldBackSince(Noon.AddDays(1), 10)));
    }

    [Fact]
    public async Task A_right_is_given_to_another_with_all_that_stands_on_it()
    {
        var ids = await Commit(tx => new[]
        {
            tx.Subscriptions.Add(NewSubscription("a", "0/app@branch.example", tx.Watches.MailboxId("ann@corp.example"))),
            tx.Subscriptions.Add(NewSubscription("b", "1/app@branch.example", tx.Watches.MailboxId("ann@corp.example"))),
        });
        var right = Store.Read(tx => tx.Subscriptions.Rights()).Single(one => one.Principal == "0/app@branch.example");

        Assert.Equal(1, await Commit(tx => tx.Subscriptions.GiveTo(right, "new/app@branch.example")));
        Assert.Equal(ids[0], Assert.Single(Store.Read(tx => tx.Subscriptions.OfPrincipal("new/app@branch.example"))).Id);
        Assert.Equal(ids[1], Assert.Single(Store.Read(tx => tx.Subscriptions.OfPrincipal("1/app@branch.example"))).Id);
    }
}
