using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// The folder tree of a mailbox, from its stored sync state to now; in the same three steps as <see cref="ItemSync"/>. With all folders
/// watched, new ones are watched from their beginning, but for search folders, which cannot be synchronised. One that is gone takes its items along, so its own deletion is their net change.
/// </summary>
internal sealed class TreeSync(SyncRun run, WatchedMailbox mailbox)
{
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    internal async Task<CatchUpStep> RunAsync(CancellationToken cancellationToken)
    {
        var state = mailbox.HierarchyState;
        while (true)
        {
            // 1
            switch (await SyncAsync(state, cancellationToken))
            {
                case EwsReply<EwsSyncAnswer>.Success { Value: var page }:
                    await run.KeepAsync(transaction => Tell(transaction, page.Changes), cancellationToken);
                    _named.UnionWith(page.Changes.Select(change => change.Id.Id));
                    if (page.IsLast || page.SyncState == state)
                    {
                        return await FinishAsync(page.SyncState, cancellationToken);
                    }

                    state = page.SyncState;
                    break;
                case EwsReply<EwsSyncAnswer>.Refused { Error: var error } when EwsErrorKinds.IsLostSyncState(error.ResponseCode):
                    return await RestartAsync(error, cancellationToken);
                case var hindered:
                    return SyncRun.Hindrance(hindered);
            }
        }
    }

    /// <summary>The same for changes that were collected before, once the log is known to be complete up to then.</summary>
    internal async Task<CatchUpStep> ApplyAsync(CollectedChanges collected, CancellationToken cancellationToken)
    {
        await run.KeepAsync(transaction => Tell(transaction, collected.Changes), cancellationToken);
        _named.UnionWith(collected.Named);
        return await FinishAsync(collected.State, cancellationToken);
    }

    private int Tell(IStoreTransaction transaction, IReadOnlyList<EwsChange> changes)
    {
        var news = 0;
        foreach (var change in changes)
        {
            news += change.Kind switch
            {
                EwsChangeKind.Create => TellArrival(transaction, change),
                EwsChangeKind.Delete => TellDeparture(transaction, change.Id),
                _ when run.IsComplete && run.Told.TellsChange(change.Id.Id, mailbox.HierarchySyncedPosition) => 0,
                _ => run.Append(transaction, [EventOf(transaction, MailboxEventType.Modified, change.Id, change.ParentFolder)]),
            };
        }

        return news;
    }

    private int TellArrival(IStoreTransaction transaction, EwsChange change)
    {
        if (mailbox.AllFolders && !change.IsSearchFolder && transaction.Watches.Folders(mailbox.Id).All(known => known.FolderId != change.Id.Id))
        {
            transaction.Watches.AddFolder(
                new WatchedFolder(mailbox.Id, change.Id.Id, change.Name ?? change.Id.Id, ItemSync.FromTheBeginning));
        }

        var arrived = run.Append(transaction, [EventOf(transaction, MailboxEventType.Created, change.Id, change.ParentFolder)]);
        return arrived > 0 || run.IsComplete
            ? arrived
            : run.Append(transaction, [EventOf(transaction, MailboxEventType.Modified, change.Id, change.ParentFolder)]);
    }

    private int TellDeparture(IStoreTransaction transaction, EwsId folder)
    {
        transaction.Watches.RemoveFolder(mailbox.Id, folder.Id);
        return run.Append(transaction, [EventOf(transaction, MailboxEventType.Deleted, folder, null)]);
    }

    private async Task<CatchUpStep> FinishAsync(string state, CancellationToken cancellationToken)
    {
        // 2
        string[] open = [.. run.Told.NewFolders(mailbox.HierarchySyncedPosition).Where(id => !_named.Contains(id))];
        if (open.Length > 0)
        {
            var asked = open.Select(id => (FolderReference)new FolderReference.ById(new EwsId(id))).ToList();
            var reply = await run.Ews.GetFoldersAsync(run.Target.Address, asked, run.Target.Affinity, cancellationToken);
            if (reply is not EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.Success { Value: var folders })
            {
                return SyncRun.Hindrance(reply);
            }

            var gone = open.Zip(folders)
                .Where(pair => pair.Second is EwsResult<EwsFolder>.Error { Problem.ResponseCode: "ErrorFolderNotFound" or "ErrorItemNotFound" })
                .Select(pair => new EwsId(pair.First));
            await run.KeepAsync(transaction => gone.Sum(folder => TellDeparture(transaction, folder)), cancellationToken);
        }

        // 3
        await run.KeepAsync(transaction => Settle(transaction, state), cancellationToken);
        return SyncRun.Done;
    }

    private async Task<CatchUpStep> RestartAsync(EwsError error, CancellationToken cancellationToken)
    {
        var baseLine = await BaseLine.TakeAsync(state => SyncAsync(state, cancellationToken));
        if (baseLine is not EwsReply<string>.Success { Value: var state })
        {
            return SyncRun.Hindrance(baseLine);
        }

        await run.KeepAsync(
            transaction =>
            {
                var now = run.Time.GetUtcNow();
                var reason = $"Exchange answered {error.ResponseCode} for the folder tree.";
                transaction.Events.AppendGap(mailbox.Id, new EventGap(mailbox.HierarchySyncedAt, now, null, reason), now);
                return Settle(transaction, state);
            },
            cancellationToken);
        return SyncRun.Done;
    }

    private int Settle(IStoreTransaction transaction, string state)
    {
        transaction.Watches.SaveHierarchyState(mailbox.Id, state, run.Mark.Time, run.Mark.End, run.Mark.Breaks);
        return 0;
    }

    /// <summary>The parent of a folder that is gone is the last that was told; of one that was never told of, nothing but itself is known.</summary>
    private MailboxEvent EventOf(IStoreTransaction transaction, MailboxEventType type, EwsId folder, EwsId? parent) => NetChanges.OfFolder(
        type, folder, parent ?? transaction.Events.LastOf(mailbox.Id, folder.Id)?.Event.ParentFolder ?? folder, run.Time.GetUtcNow());

    private Task<EwsReply<EwsSyncAnswer>> SyncAsync(string? state, CancellationToken cancellationToken) =>
        run.Ews.SyncHierarchyAsync(run.Target.Address, state, run.Target.Affinity, cancellationToken);
}
