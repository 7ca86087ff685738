using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// What one answer to SyncFolderHierarchy does to the store. Each method is the inside of one transaction and returns how many events were
/// news.
/// </summary>
internal static class FolderPage
{
    internal static int Settle(IStoreTransaction transaction, WatchedMailbox mailbox, EwsSyncAnswer page, DateTimeOffset now)
    {
        var found = page.Changes.Select(change => NetChanges.OfFolder(change, LastParent(transaction.Events, mailbox.Id, change), now));
        var news = Recognition.News(transaction.Events, mailbox.Id, found);
        transaction.Events.Append(mailbox.Id, news, caughtUp: true, now);
        Follow(transaction.Watches, mailbox, page.Changes);
        transaction.Watches.SaveHierarchyState(mailbox.Id, page.SyncState, now);
        return news.Count;
    }

    /// <summary>A new base line after the old one was lost: which folders came and went between the two is not known.</summary>
    internal static int Restart(IStoreTransaction transaction, WatchedMailbox mailbox, string state, EwsError error, DateTimeOffset now)
    {
        var reason = $"Exchange answered {error.ResponseCode} for the folder tree.";
        transaction.Events.AppendGap(mailbox.Id, new EventGap(mailbox.HierarchySyncedAt, now, null, reason), now);
        transaction.Watches.SaveHierarchyState(mailbox.Id, state, now);
        return 0;
    }

    /// <summary>A folder that is gone takes its items along, so its own deletion is their net change. A new one is watched if all are.</summary>
    private static void Follow(IWatchTable watches, WatchedMailbox mailbox, IReadOnlyList<EwsChange> changes)
    {
        var known = mailbox.AllFolders ? watches.Folders(mailbox.Id).Select(folder => folder.FolderId).ToHashSet() : [];
        foreach (var change in changes)
        {
            if (change.Kind == EwsChangeKind.Delete)
            {
                watches.RemoveFolder(mailbox.Id, change.Id.Id);
            }
            else if (change.Kind == EwsChangeKind.Create && mailbox.AllFolders && known.Add(change.Id.Id))
            {
                watches.AddFolder(new WatchedFolder(mailbox.Id, change.Id.Id, change.Name ?? change.Id.Id, ItemPage.FromTheBeginning));
            }
        }
    }

    /// <summary>Where a folder was that is gone; of one that was never told of, nothing but itself is known.</summary>
    private static EwsId LastParent(IEventLog log, long mailboxId, EwsChange change) =>
        change.ParentFolder is null && log.LastOf(mailboxId, change.Id.Id) is { } last ? last.Event.ParentFolder : change.Id;
}
