using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Takes the base lines of a mailbox: the sync states from which it is caught up, each on stable storage before anybody is promised anything.
/// A folder or tree that has one keeps it, since events may have happened since.
/// </summary>
internal sealed class BaseLines(EwsClient ews, IStore store, TimeProvider time, SyncTarget target)
{
    /// <summary>
    /// <list type="number">
    /// <item>The folder tree, so that a folder made while this runs is not missed.</item>
    /// <item>With all folders: which there are.</item>
    /// <item>The items of each folder.</item>
    /// </list>
    /// </summary>
    internal async Task<WatchResult> TakeAsync(IReadOnlyList<ResolvedFolder> folders, bool allFolders, CancellationToken cancellationToken)
    {
        // 1
        if (await TakeTreeAsync(allFolders, cancellationToken) is { } treeFailure)
        {
            return treeFailure;
        }

        // 2
        var wanted = folders;
        if (allFolders)
        {
            switch (await FindAllAsync(cancellationToken))
            {
                case EwsReply<IReadOnlyList<ResolvedFolder>>.Success { Value: var found }:
                    wanted = found;
                    break;
                case EwsReply<IReadOnlyList<ResolvedFolder>>.Refused { Error: var error }:
                    return Refusal(error);
                case EwsReply<IReadOnlyList<ResolvedFolder>>.NoAnswer none:
                    return new WatchResult.Unavailable(none.Reason);
            }
        }

        // 3
        var known = store.Read(transaction => transaction.Watches.Folders(target.MailboxId)).Select(folder => folder.FolderId).ToHashSet();
        foreach (var folder in wanted)
        {
            if (known.Add(folder.Id) && await TakeItemsAsync(folder, cancellationToken) is { } failure)
            {
                return failure;
            }
        }

        return new WatchResult.Watching(target.MailboxId);
    }

    /// <summary>
    /// All folders that can be synchronised, page by page: one that is left out would be caught up with by nobody. A server that tells the same
    /// page again and again would never come to an end.
    /// </summary>
    internal async Task<EwsReply<IReadOnlyList<ResolvedFolder>>> FindAllAsync(CancellationToken cancellationToken)
    {
        var root = new FolderReference.Distinguished("msgfolderroot", target.Address);
        var found = new List<ResolvedFolder>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int? offset = 0; offset is { } from;)
        {
            switch (await ews.FindFoldersAsync(target.Address, root, from, target.Affinity, cancellationToken))
            {
                case EwsReply<EwsFolderPage>.Success { Value: var page }:
                    List<EwsFolder> news = [.. page.Folders.Where(folder => seen.Add(folder.Id.Id))];
                    if (news.Count == 0 && page.Next is not null)
                    {
                        return new EwsReply<IReadOnlyList<ResolvedFolder>>.NoAnswer("Exchange says that there are more folders, and tells the same again.", null);
                    }

                    found.AddRange(news.Where(folder => !folder.IsSearchFolder)
                        .Select(folder => new ResolvedFolder(folder.Id.Id, folder.DisplayName ?? folder.Id.Id)));
                    offset = page.Next;
                    break;
                case EwsReply<EwsFolderPage>.Refused { Error: var error }:
                    return new EwsReply<IReadOnlyList<ResolvedFolder>>.Refused(error);
                case EwsReply<EwsFolderPage>.NoAnswer none:
                    return new EwsReply<IReadOnlyList<ResolvedFolder>>.NoAnswer(none.Reason, none.WaitAtLeast);
            }
        }

        return new EwsReply<IReadOnlyList<ResolvedFolder>>.Success(found);
    }

    private async Task<WatchResult?> TakeTreeAsync(bool allFolders, CancellationToken cancellationToken)
    {
        var mailbox = store.Read(transaction => transaction.Watches.Mailbox(target.MailboxId));
        if (mailbox?.HierarchyState is not null && (mailbox.AllFolders || !allFolders))
        {
            return null;
        }

        var mark = Mark();
        var state = mailbox?.HierarchyState;
        if (state is null)
        {
            switch (await BaseLine.TakeAsync(from => ews.SyncHierarchyAsync(target.Address, from, target.Affinity, cancellationToken)))
            {
                case EwsReply<string>.Success success:
                    state = success.Value;
                    break;
                case EwsReply<string>.Refused { Error: var error }:
                    return Refusal(error);
                case EwsReply<string>.NoAnswer none:
                    return new WatchResult.Unavailable(none.Reason);
            }
        }

        await store.CommitAsync(transaction => KeepTree(transaction, state, mark, allFolders), cancellationToken);
        return null;
    }

    private bool KeepTree(IStoreTransaction transaction, string? state, SyncMark mark, bool allFolders)
    {
        var mailbox = transaction.Watches.Mailbox(target.MailboxId);
        if (mailbox?.HierarchyState is null)
        {
            transaction.Watches.SaveHierarchyState(target.MailboxId, state, mark.Time, mark.End, mark.Breaks);
        }

        if (allFolders)
        {
            transaction.Watches.WatchAllFolders(target.MailboxId, mark.End);
        }

        return true;
    }

    private async Task<WatchResult?> TakeItemsAsync(ResolvedFolder folder, CancellationToken cancellationToken)
    {
        var mark = Mark();
        switch (await BaseLine.TakeAsync(from => ews.SyncItemsAsync(target.Address, folder.Id, from, target.Affinity, cancellationToken)))
        {
            case EwsReply<string>.Success { Value: var state }:
                await store.CommitAsync(transaction => KeepItems(transaction, folder, state, mark), cancellationToken);
                return null;
            case EwsReply<string>.Refused { Error: var error }:
                return Refusal(error);
            case EwsReply<string>.NoAnswer none:
                return new WatchResult.Unavailable(none.Reason);
            default:
                throw new InvalidOperationException("The three replies are the only ones.");
        }
    }

    /// <summary>Of two that are taken at once the first to be kept stays: it is the earlier promise.</summary>
    private bool KeepItems(IStoreTransaction transaction, ResolvedFolder folder, string state, SyncMark mark)
    {
        if (transaction.Watches.Folders(target.MailboxId).Any(known => known.FolderId == folder.Id))
        {
            return false;
        }

        transaction.Watches.AddFolder(new WatchedFolder(target.MailboxId, folder.Id, folder.Name, state)
        {
            SyncedAt = mark.Time,
            SyncedPosition = mark.End,
            BrokenAt = transaction.Watches.Mailbox(target.MailboxId)?.Breaks > mark.Breaks ? mark.End : null,
        });
        return true;
    }

    private SyncMark Mark() => store.Read(transaction => SyncMark.Take(transaction, target.MailboxId, time));

    private static WatchResult Refusal(EwsError error) => EwsErrorKinds.IsPassing(error.ResponseCode)
        ? new WatchResult.Unavailable($"Exchange answered {error.ResponseCode}: {error.MessageText}")
        : new WatchResult.Failed(error);
}
