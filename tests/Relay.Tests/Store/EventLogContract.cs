using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Store;

public abstract class EventLogContract(TestStore database) : StoreContract(database)
{
    private static readonly LogPosition Start = new(0);
    private static readonly LogPosition End = new(long.MaxValue);

    [Fact]
    public async Task An_event_is_read_as_it_was_written()
    {
        var full = new MailboxEvent
        {
            Type = MailboxEventType.Moved,
            Watermark = "AQAAAA==",
            TimeStamp = Noon + TimeSpan.FromMilliseconds(123),
            IsFolder = true,
            Object = new EwsId("new", "c1"),
            ParentFolder = new EwsId("parent", null),
            OldObject = new EwsId("old", "c0"),
            OldParentFolder = new EwsId("old parent", "c2"),
            UnreadCount = 4,
        };
        await Commit(tx => tx.Events.Append(1, [full, Event()], caughtUp: true, Noon));

        var read = Store.Read(tx => tx.Events.After(1, Start, 10));

        Assert.Equal([full, Event()], read.Select(logged => logged.Event));
        Assert.All(read, logged => Assert.True(logged.CaughtUp));
    }

    [Fact]
    public async Task What_is_about_own_mail_stays_known_as_such()
    {
        await Commit(tx => tx.Events.Append(1, [Event("ours"), Event("theirs")], false, Noon, item => item.Object.Id == "ours"));

        Assert.Equal([true, false], Store.Read(tx => tx.Events.After(1, Start, 10)).Select(logged => logged.Own));
        Assert.True(Store.Read(tx => tx.Events.LastOf(1, "ours"))!.Own);
    }

    [Fact]
    public async Task Positions_rise_over_all_mailboxes_and_each_mailbox_is_read_alone()
    {
        var a = await Commit(tx => tx.Events.Append(1, [Event("a"), Event("b")], false, Noon));
        var b = await Commit(tx => tx.Events.Append(2, [Event("c")], false, Noon));
        var c = await Commit(tx => tx.Events.Append(1, [Event("d")], false, Noon));

        Assert.Equal([1L, 2L, 3L, 4L], a.Concat(b).Concat(c).Select(position => position.Value));
        Assert.Equal(["a", "b", "d"], Store.Read(tx => tx.Events.After(1, Start, 10)).Select(logged => logged.Event.Object.Id));
        Assert.Equal(["d"], Store.Read(tx => tx.Events.After(1, b[0], 10)).Select(logged => logged.Event.Object.Id));
        Assert.Equal(["a"], Store.Read(tx => tx.Events.After(1, Start, 1)).Select(logged => logged.Event.Object.Id));
        Assert.Equal(c[0], Store.Read(tx => tx.Events.End()));
    }

    [Fact]
    public async Task A_position_rolled_back_is_given_again_and_leaves_no_hole()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Commit(tx =>
        {
            tx.Events.Append(1, [Event("undone")], false, Noon);
            throw new InvalidOperationException("undo");
        }));

        Assert.Equal(1, (await Commit(tx => tx.Events.Append(1, [Event()], false, Noon)))[0].Value);
    }

    [Fact]
    public async Task Tails_name_each_mailbox_with_news_once()
    {
        await Commit(tx => tx.Events.Append(1, [Event(), Event()], false, Noon));
        await Commit(tx => tx.Events.Append(2, [Event()], false, Noon));
        await Commit(tx => tx.Events.Append(1, [Event()], false, Noon));

        Assert.Equal(
            [new MailboxTail(1, new LogPosition(4)), new MailboxTail(2, new LogPosition(3))],
            Store.Read(tx => tx.Events.MailboxesAfter(Start, 100)));
        Assert.Equal([new MailboxTail(1, new LogPosition(4))], Store.Read(tx => tx.Events.MailboxesAfter(new LogPosition(3), 100)));
        Assert.Equal([new MailboxTail(1, new LogPosition(2))], Store.Read(tx => tx.Events.MailboxesAfter(Start, 2)));
    }

    [Theory]
    [InlineData("a created item is known", MailboxEventType.Created, true)]
    [InlineData("its delivery is told for itself", MailboxEventType.NewMail, false)]
    [InlineData("a change tells of no creation", MailboxEventType.Modified, false)]
    [InlineData("nor does a deletion", MailboxEventType.Deleted, false)]
    public async Task A_creation_is_known_from_then_on(string why, MailboxEventType type, bool known)
    {
        await Commit(tx => tx.Events.Append(1, [Event("item", type)], false, Noon));

        var behind = new LogPosition(2);
        Assert.True(known == Store.Read(tx => tx.Events.HasCreated(1, "item", behind)), why);
        Assert.False(Store.Read(tx => tx.Events.HasCreated(1, "item", new LogPosition(1))));
        Assert.False(Store.Read(tx => tx.Events.HasCreated(2, "item", behind)));
        Assert.False(Store.Read(tx => tx.Events.HasCreated(1, "other", behind)));
    }

    [Fact]
    public async Task The_last_event_of_an_object_is_the_last()
    {
        await Commit(tx => tx.Events.Append(1, [Event("x"), Event("x", MailboxEventType.Modified), Event("y")], false, Noon));

        Assert.Equal(MailboxEventType.Modified, Store.Read(tx => tx.Events.LastOf(1, "x"))!.Event.Type);
        Assert.Null(Store.Read(tx => tx.Events.LastOf(2, "x")));
    }

    [Fact]
    public async Task Purging_takes_the_oldest_and_tells_from_where_on_all_is_there()
    {
        for (var day = 0; day < 4; day++)
        {
            await Commit(tx => tx.Events.Append(1, [Event($"{day}")], false, Noon + TimeSpan.FromDays(day)));
        }

        Assert.Equal(Start, Store.Read(tx => tx.Events.OldestRetained()));
        Assert.True(await Commit(tx => tx.Events.Retire(Noon + TimeSpan.FromDays(2), 100, 1)));
        Assert.Equal(new LogPosition(1), Store.Read(tx => tx.Events.OldestRetained()));
        Assert.Equal(4, Store.Read(tx => tx.Events.After(1, Start, 10)).Count);
        Assert.True(await Commit(tx => tx.Events.Retire(Noon + TimeSpan.FromDays(2), 100, 100)));
        Assert.False(await Commit(tx => tx.Events.Retire(Noon + TimeSpan.FromDays(2), 100, 100)));

        Assert.Equal(new LogPosition(2), Store.Read(tx => tx.Events.OldestRetained()));
        Assert.True(Store.Read(tx => tx.Events.HasRetired()));
        Assert.Equal(0, await Commit(tx => tx.Events.Remove(Start, 100)));
        Assert.Equal(1, await Commit(tx => tx.Events.Remove(End, 1)));
        Assert.Equal(1, await Commit(tx => tx.Events.Remove(End, 100)));
        Assert.Equal(0, await Commit(tx => tx.Events.Remove(End, 100)));
        Assert.False(Store.Read(tx => tx.Events.HasRetired()));
        Assert.Equal(["2", "3"], Store.Read(tx => tx.Events.After(1, Start, 10)).Select(logged => logged.Event.Object.Id));
    }

    [Fact]
    public async Task A_log_that_was_purged_to_the_end_goes_on_counting()
    {
        await Commit(tx => tx.Events.Append(1, [Event(), Event()], false, Noon));
        Assert.True(await Commit(tx => tx.Events.Retire(Noon + TimeSpan.FromDays(1), 100, 100)));
        Assert.Equal(2, await Commit(tx => tx.Events.Remove(End, 100)));
        await Database.ReopenAsync();

        Assert.Equal(3, (await Commit(tx => tx.Events.Append(1, [Event()], false, Noon)))[0].Value);
    }

    [Fact]
    public async Task More_events_than_are_to_be_kept_go_whatever_their_age()
    {
        await Commit(tx => tx.Events.Append(1, [Event("0"), Event("1"), Event("2"), Event("3"), Event("4")], false, Noon));

        Assert.False(await Commit(tx => tx.Events.Retire(Noon, 5, 100)));
        Assert.True(await Commit(tx => tx.Events.Retire(Noon, 2, 2)));
        Assert.True(await Commit(tx => tx.Events.Retire(Noon, 2, 2)));
        Assert.False(await Commit(tx => tx.Events.Retire(Noon, 2, 2)));
        Assert.Equal(3, await Commit(tx => tx.Events.Remove(End, 100)));
        Assert.Equal(["3", "4"], Store.Read(tx => tx.Events.After(1, Start, 10)).Select(logged => logged.Event.Object.Id));
    }
}
