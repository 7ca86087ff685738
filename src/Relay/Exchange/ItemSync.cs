using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// The items of one folder, from its stored sync state to now.
/// <list type="number">
/// <item>Each page of net changes is told: what is news, and changes of known items unless the log surely tells the last one.</item>
/// <item>Items that the log tells to have come since the state, and that no page names, are asked for: they may have gone again.</item>
/// <item>The new state is stored with the last events. Until then the old one stands, and a run that is cut begins again.</item>
/// </list>
/// </summary>
internal sealed class ItemSync(SyncRun run, WatchedFolder folder)
{
    /// <summary>The sync state of a folder that is new to us as a whole: everything in it is news.</summary>
    internal const string FromTheBeginning = "";

    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private readonly List<string> _flagged = [];

    internal async Task<CatchUpStep> RunAsync(CancellationToken cancellationToken)
    {
        var state = string.IsNullOrEmpty(folder.SyncState) ? null : folder.SyncState;
        while (true)
        {
            // 1
            switch (await SyncAsync(state, cancellationToken))
            {
                case EwsReply<EwsSyncAnswer>.Success { Value: var page }:
                    await TellAsync(page.Changes, cancellationToken);
                    if (page.IsLast || page.SyncState == state)
                    {
                        return await FinishAsync(page.SyncState, cancellationToken);
                    }

                    state = page.SyncState;
                    break;
                case EwsReply<EwsSyncAnswer>.Refused { Error: var error } when EwsErrorKinds.IsLostSyncState(error.ResponseCode):
                    return await RestartAsync(error, cancellationToken);
                case EwsReply<EwsSyncAnswer>.Refused { Error: var error } when EwsErrorKinds.IsLostFolder(error.ResponseCode):
                    await run.KeepAsync(transaction => Lose(transaction, error), cancellationToken);
                    return SyncRun.Done;
                case var hindered:
                    return SyncRun.Hindrance(hindered);
            }
        }
    }

    /// <summary>The same for changes that were collected before, once the log is known to be complete up to then.</summary>
    internal async Task<CatchUpStep> ApplyAsync(CollectedChanges collected, CancellationToken cancellationToken)
    {
        await TellAsync(collected.Changes, cancellationToken);
        _named.UnionWith(collected.Named);
        run.Named.UnionWith(collected.Named);
        return await FinishAsync(collected.State, cancellationToken);
    }

    private async Task TellAsync(IReadOnlyList<EwsChange> changes, CancellationToken cancellationToken)
    {
        await run.KeepAsync(transaction => Tell(transaction, changes), cancellationToken);
        Note(changes);
    }

    private int Tell(IStoreTransaction transaction, IReadOnlyList<EwsChange> changes)
    {
        var now = run.Time.GetUtcNow();
        var news = 0;
        foreach (var change in changes)
        {
            news += change.Kind switch
            {
                EwsChangeKind.Create => TellArrival(transaction, change, now),
                EwsChangeKind.Delete => run.Append(transaction, [NetChanges.OfItem(MailboxEventType.Deleted, change.Id, folder, now)]),
                EwsChangeKind.ReadFlagChange when run.Told.TellsChange(change.Id.Id, folder.SyncedPosition) => 0,
                _ => TellChange(transaction, change.Id, change.LastModified, now),
            };
        }

        return news;
    }

    private int TellArrival(IStoreTransaction transaction, EwsChange change, DateTimeOffset now)
    {
        var arrived = run.Append(transaction, [NetChanges.OfItem(MailboxEventType.Created, change.Id, folder, now)], change.InternetMessageId);
        var delivered = NetChanges.IsNewMail(change, folder)
            ? run.Append(transaction, [NetChanges.OfItem(MailboxEventType.NewMail, change.Id, folder, now)], change.InternetMessageId)
            : 0;
        return arrived + delivered + (arrived > 0 ? 0 : TellChange(transaction, change.Id, change.LastModified, now));
    }

    private int TellChange(IStoreTransaction transaction, EwsId item, DateTimeOffset? lastModified, DateTimeOffset now) =>
        run.Told.TellsLastChange(item, lastModified, folder, run.IsComplete)
            ? 0
            : run.Append(transaction, [NetChanges.OfItem(MailboxEventType.Modified, item, folder, now)]);

    /// <summary>A change of the read flag comes without its time, which decides whether it is told already.</summary>
    private void Note(IReadOnlyList<EwsChange> changes)
    {
        foreach (var change in changes)
        {
            _named.Add(change.Id.Id);
            run.Named.Add(change.Id.Id);
            if (change.Kind == EwsChangeKind.ReadFlagChange && !run.IsComplete && run.Told.TellsChange(change.Id.Id, folder.SyncedPosition))
            {
                _flagged.Add(change.Id.Id);
            }
        }
    }

    private async Task<CatchUpStep> FinishAsync(string state, CancellationToken cancellationToken)
    {
        // 2
        string[] open = [.. _flagged, .. run.Told.ArrivedIn(folder.FolderId, folder.SyncedPosition).Where(id => !_named.Contains(id))];
        if (await ItemFates.TellAsync(run, open, TellFate, cancellationToken) is not CatchUpStep.Done and var hindered)
        {
            return hindered;
        }

        // 3
        await run.KeepAsync(transaction => Settle(transaction, state), cancellationToken);
        return SyncRun.Done;
    }

    private int TellFate(IStoreTransaction transaction, string id, EwsResult<EwsItem> found)
    {
        var now = run.Time.GetUtcNow();
        return found switch
        {
            EwsResult<EwsItem>.Error { Problem.ResponseCode: ItemFates.Gone } =>
                run.Append(transaction, [NetChanges.OfItem(MailboxEventType.Deleted, new EwsId(id), folder, now)]),
            EwsResult<EwsItem>.Success { Value: var item } when _named.Contains(id) => TellChange(transaction, item.Id, item.LastModified, now),
            _ => 0,
        };
    }

    private int Settle(IStoreTransaction transaction, string state)
    {
        transaction.Watches.SaveSyncState(folder.MailboxId, folder.FolderId, state, run.Mark.Time, run.Mark.End, run.Mark.Breaks);
        return 0;
    }

    /// <summary>
    /// The place to catch up from is lost. The new one and the gap between the two are one transaction: as long as there is no new place, the
    /// old one stays, and with it the knowledge that it is lost.
    /// </summary>
    private async Task<CatchUpStep> RestartAsync(EwsError error, CancellationToken cancellationToken)
    {
        var baseLine = await BaseLine.TakeAsync(state => SyncAsync(state, cancellationToken));
        if (baseLine is not EwsReply<string>.Success { Value: var state })
        {
            return SyncRun.Hindrance(baseLine);
        }

        await run.KeepAsync(transaction => LogGap(transaction, error) + Settle(transaction, state), cancellationToken);
        return SyncRun.Done;
    }

    /// <summary>The folder is gone without the folder tree having told so.</summary>
    private int Lose(IStoreTransaction transaction, EwsError error)
    {
        transaction.Watches.RemoveFolder(folder.MailboxId, folder.FolderId);
        return LogGap(transaction, error);
    }

    private int LogGap(IStoreTransaction transaction, EwsError error)
    {
        var now = run.Time.GetUtcNow();
        var reason = $"Exchange answered {error.ResponseCode} for the folder {folder.Name}.";
        transaction.Events.AppendGap(folder.MailboxId, new EventGap(folder.SyncedAt, now, folder.FolderId, reason), now);
        return 0;
    }

    private Task<EwsReply<EwsSyncAnswer>> SyncAsync(string? state, CancellationToken cancellationToken) =>
        run.Ews.SyncItemsAsync(run.Target.Address, folder.FolderId, state, run.Target.Affinity, cancellationToken);
}
