using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What one answer to SyncFolderItems does to the store. Each method is the inside of one transaction and returns how many events were news.</summary>
internal static class ItemPage
{
    /// <summary>The sync state of a folder that is new to us as a whole: everything in it is news.</summary>
    internal const string FromTheBeginning = "";

    internal static int Settle(IStoreTransaction transaction, WatchedFolder folder, EwsSyncAnswer page, DateTimeOffset now)
    {
        var found = page.Changes.SelectMany(change => NetChanges.OfItem(change, folder, now));
        var news = Recognition.News(transaction.Events, folder.MailboxId, found);
        transaction.Events.Append(folder.MailboxId, news, caughtUp: true, now);
        transaction.Watches.SaveSyncState(folder.MailboxId, folder.FolderId, page.SyncState, now);
        return news.Count;
    }

    /// <summary>A new base line after the old one was lost: what happened between the two is not known.</summary>
    internal static int Restart(IStoreTransaction transaction, WatchedFolder folder, string state, EwsError error, DateTimeOffset now)
    {
        LogGap(transaction, folder, error, now);
        transaction.Watches.SaveSyncState(folder.MailboxId, folder.FolderId, state, now);
        return 0;
    }

    /// <summary>The folder is gone without the folder tree having told so.</summary>
    internal static int Lose(IStoreTransaction transaction, WatchedFolder folder, EwsError error, DateTimeOffset now)
    {
        LogGap(transaction, folder, error, now);
        transaction.Watches.RemoveFolder(folder.MailboxId, folder.FolderId);
        return 0;
    }

    private static void LogGap(IStoreTransaction transaction, WatchedFolder folder, EwsError error, DateTimeOffset now)
    {
        var reason = $"Exchange answered {error.ResponseCode} for the folder {folder.Name}.";
        transaction.Events.AppendGap(folder.MailboxId, new EventGap(folder.SyncedAt, now, folder.FolderId, reason), now);
    }
}
