using Relay.Store;

namespace Relay.Tests.Store;

public abstract class WatchContract(TestStore database) : StoreContract(database)
{
    [Fact]
    public async Task A_mailbox_has_one_id_in_upper_and_lower_case_and_after_a_restart()
    {
        var ann = await Commit(tx => tx.Watches.MailboxId("Ann@corp.example"));
        var bob = await Commit(tx => tx.Watches.MailboxId("bob@corp.example"));
        await Database.ReopenAsync();

        Assert.NotEqual(ann, bob);
        Assert.Equal(ann, await Commit(tx => tx.Watches.MailboxId("ann@CORP.example")));
        Assert.Equal(ann, Store.Read(tx => tx.Watches.FindMailbox("ann@corp.example")));
        Assert.Null(Store.Read(tx => tx.Watches.FindMailbox("eve@corp.example")));
        Assert.Equal("Ann@corp.example", Store.Read(tx => tx.Watches.AddressOf(ann)));
        Assert.Throws<KeyNotFoundException>(() => Store.Read(tx => tx.Watches.AddressOf(99)));
    }

    [Fact]
    public async Task Folders_and_states_are_kept_by_mailbox()
    {
        var ann = await Commit(tx => tx.Watches.MailboxId("ann@corp.example"));
        var bob = await Commit(tx => tx.Watches.MailboxId("bob@corp.example"));
        await Commit(tx =>
        {
            tx.Watches.AddFolder(new WatchedFolder(ann, "f1", "inbox", null));
            tx.Watches.AddFolder(new WatchedFolder(ann, "f2", "Sent", "s0"));
            tx.Watches.AddFolder(new WatchedFolder(bob, "f1", "inbox", null));
            tx.Watches.SaveSyncState(ann, "f1", "s1");
            tx.Watches.SaveHierarchyState(ann, "h1");
            tx.Watches.SaveUpstreamSubscription(ann, "up1");
            tx.Watches.RemoveFolder(ann, "f2");
        });
        await Database.ReopenAsync();

        Assert.Equal([new WatchedFolder(ann, "f1", "inbox", "s1")], Store.Read(tx => tx.Watches.Folders(ann)));
        Assert.Equal([new WatchedFolder(bob, "f1", "inbox", null)], Store.Read(tx => tx.Watches.Folders(bob)));
        Assert.Equal(
            [new WatchedMailbox(ann, "ann@corp.example", "h1", "up1"), new WatchedMailbox(bob, "bob@corp.example", null, null)],
            Store.Read(tx => tx.Watches.AllMailboxes()));
    }

    [Fact]
    public async Task A_mailbox_no_longer_watched_keeps_its_id_alone()
    {
        var ann = await Commit(tx => tx.Watches.MailboxId("ann@corp.example"));
        await Commit(tx =>
        {
            tx.Watches.AddFolder(new WatchedFolder(ann, "f1", "inbox", "s"));
            tx.Watches.SaveHierarchyState(ann, "h");
            tx.Watches.SaveUpstreamSubscription(ann, "u");
            tx.Watches.StopWatching(ann);
        });

        Assert.Empty(Store.Read(tx => tx.Watches.Folders(ann)));
        Assert.Equal(new WatchedMailbox(ann, "ann@corp.example", null, null), Store.Read(tx => tx.Watches.Mailbox(ann)));
    }

    [Fact]
    public async Task A_break_stands_at_the_first_place_after_each_state_until_a_later_state_holds_what_is_missing()
    {
        var ann = await Commit(tx => tx.Watches.MailboxId("ann@corp.example"));
        await Commit(tx =>
        {
            tx.Watches.AddFolder(new WatchedFolder(ann, "f1", "inbox", "s"));
            tx.Watches.AddFolder(new WatchedFolder(ann, "f2", "Sent", "s"));
            tx.Watches.SaveHierarchyState(ann, "h");
            tx.Watches.MarkBreak(ann, new LogPosition(5));
        });
        var before = Store.Read(tx => tx.Watches.Mailbox(ann)!.Breaks);
        await Commit(tx => tx.Watches.MarkBreak(ann, new LogPosition(8)));
        await Database.ReopenAsync();
        Assert.Equal(new LogPosition(5), Store.Read(tx => tx.Watches.Mailbox(ann)!.HierarchyBrokenAt));
        Assert.All(Store.Read(tx => tx.Watches.Folders(ann)), folder => Assert.Equal(new LogPosition(5), folder.BrokenAt));

        await Commit(tx =>
        {
            tx.Watches.SaveSyncState(ann, "f1", "s1", null, new LogPosition(6), before);
            tx.Watches.SaveSyncState(ann, "f2", "s1", null, new LogPosition(9), before + 1);
            tx.Watches.SaveHierarchyState(ann, "h1", null, new LogPosition(9), before + 1);
        });

        Assert.Equal([new LogPosition(6), null], Store.Read(tx => tx.Watches.Folders(ann)).Select(folder => folder.BrokenAt));
        Assert.Null(Store.Read(tx => tx.Watches.Mailbox(ann)!.HierarchyBrokenAt));
    }

    [Fact]
    public async Task Strays_are_settled_from_where_all_folders_came_to_be_watched()
    {
        var ann = await Commit(tx => tx.Watches.MailboxId("ann@corp.example"));
        await Commit(tx => tx.Watches.WatchAllFolders(ann, new LogPosition(5)));
        await Commit(tx => tx.Watches.WatchAllFolders(ann, new LogPosition(9)));
        Assert.Equal((true, new LogPosition(5)), Strays());
        await Commit(tx => tx.Watches.SaveStraysPosition(ann, new LogPosition(7)));
        await Database.ReopenAsync();
        Assert.Equal((true, new LogPosition(7)), Strays());
        await Commit(tx => tx.Watches.StopWatching(ann));
        Assert.Equal((false, default), Strays());

        (bool, LogPosition) Strays() => Store.Read(tx => tx.Watches.Mailbox(ann) is { } mailbox ? (mailbox.AllFolders, mailbox.StraysPosition) : default);
    }

    [Fact]
    public async Task A_database_keeps_its_identity()
    {
        var (log, key) = Store.Read(tx => (tx.Identity.LogId, tx.Identity.SigningKey));
        await Database.ReopenAsync();

        Assert.NotEqual(Guid.Empty, log);
        Assert.Equal(32, key.Length);
        Assert.Equal(log, Store.Read(tx => tx.Identity.LogId));
        Assert.Equal(key, Store.Read(tx => tx.Identity.SigningKey));
    }
}
