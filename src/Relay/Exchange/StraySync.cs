using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Items that only a search folder told of. A subscription to all folders hears of an item that is thrown away from the folder over all items
/// alone, and no search folder can be synchronised: when such an item is gone again before the state of its own folder has held it, and the
/// event of that is lost, no state tells so. To be run after all folders were synchronised.
/// <list type="number">
/// <item>Items that no folder named are asked for; those that are gone are told so, where they were told to have come.</item>
/// <item>How far the log is settled is stored. An item that is there stands in the state of its own folder from now on.</item>
/// </list>
/// </summary>
internal sealed class StraySync(SyncRun run, WatchedMailbox mailbox)
{
    internal async Task<CatchUpStep> RunAsync(CancellationToken cancellationToken)
    {
        // A subscription that names its folders does not hear of search folders.
        if (!mailbox.AllFolders)
        {
            return SyncRun.Done;
        }

        // 1
        var watched = run.Store.Read(transaction => transaction.Watches.Folders(mailbox.Id)).Select(folder => folder.FolderId).ToHashSet();
        var strays = run.Told.ArrivedElsewhere(watched, mailbox.StraysPosition).Where(stray => !run.Named.Contains(stray.Item))
            .ToLookup(stray => stray.Item, stray => stray.Folder);
        var asked = await ItemFates.TellAsync(
            run, strays.Select(stray => stray.Key), (transaction, id, found) => TellFate(transaction, id, strays[id], found), cancellationToken);
        if (asked is not CatchUpStep.Done)
        {
            return asked;
        }

        // 2
        await run.KeepAsync(
            transaction =>
            {
                transaction.Watches.SaveStraysPosition(mailbox.Id, run.Mark.End);
                return 0;
            },
            cancellationToken);
        return SyncRun.Done;
    }

    private int TellFate(IStoreTransaction transaction, string id, IEnumerable<string> folders, EwsResult<EwsItem> found) =>
        found is EwsResult<EwsItem>.Error { Problem.ResponseCode: ItemFates.Gone }
            ? run.Append(transaction, folders.Select(folder => Deleted(id, folder)))
            : 0;

    private MailboxEvent Deleted(string id, string folder) => new()
    {
        Type = MailboxEventType.Deleted,
        TimeStamp = run.Time.GetUtcNow(),
        Object = new EwsId(id),
        ParentFolder = new EwsId(folder),
    };
}
