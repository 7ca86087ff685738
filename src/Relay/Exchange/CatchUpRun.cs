using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>One catch-up of one mailbox.</summary>
internal sealed class CatchUpRun(EwsClient ews, IStore store, TimeProvider time, SyncTarget target)
{
    private static readonly CatchUpStep Done = new CatchUpStep.Done();

    /// <summary>How many events were appended.</summary>
    internal int News { get; private set; }

    internal async Task<CatchUpStep> FoldersAsync(CancellationToken cancellationToken)
    {
        if (store.Read(transaction => transaction.Watches.Mailbox(target.MailboxId)) is not { HierarchyState: { } state } mailbox)
        {
            return Done;
        }

        while (true)
        {
            switch (await ews.SyncHierarchyAsync(target.Address, state, target.Affinity, cancellationToken))
            {
                case EwsReply<EwsSyncAnswer>.Success { Value: var page }:
                    await KeepAsync(transaction => FolderPage.Settle(transaction, mailbox, page, time.GetUtcNow()), cancellationToken);
                    if (page.IsLast || page.SyncState == state)
                    {
                        return Done;
                    }

                    state = page.SyncState;
                    break;
                case EwsReply<EwsSyncAnswer>.Refused { Error: var error } when EwsErrorKinds.IsLostSyncState(error.ResponseCode):
                    return await RestartFoldersAsync(mailbox, error, cancellationToken);
                case EwsReply<EwsSyncAnswer>.Refused { Error: var error }:
                    return Hindrance(error);
                case EwsReply<EwsSyncAnswer>.NoAnswer none:
                    return new CatchUpStep.Hindered(none.Reason);
            }
        }
    }

    internal async Task<CatchUpStep> ItemsAsync(WatchedFolder folder, CancellationToken cancellationToken)
    {
        var state = folder.SyncState;
        while (true)
        {
            switch (await SyncAsync(folder, string.IsNullOrEmpty(state) ? null : state, cancellationToken))
            {
                case EwsReply<EwsSyncAnswer>.Success { Value: var page }:
                    await KeepAsync(transaction => ItemPage.Settle(transaction, folder, page, time.GetUtcNow()), cancellationToken);
                    if (page.IsLast || page.SyncState == state)
                    {
                        return Done;
                    }

                    state = page.SyncState;
                    break;
                case EwsReply<EwsSyncAnswer>.Refused { Error: var error } when EwsErrorKinds.IsLostSyncState(error.ResponseCode):
                    return await RestartItemsAsync(folder, error, cancellationToken);
                case EwsReply<EwsSyncAnswer>.Refused { Error: var error } when EwsErrorKinds.IsLostFolder(error.ResponseCode):
                    await KeepAsync(transaction => ItemPage.Lose(transaction, folder, error, time.GetUtcNow()), cancellationToken);
                    return Done;
                case EwsReply<EwsSyncAnswer>.Refused { Error: var error }:
                    return Hindrance(error);
                case EwsReply<EwsSyncAnswer>.NoAnswer none:
                    return new CatchUpStep.Hindered(none.Reason);
            }
        }
    }

    /// <summary>
    /// The place to catch up from is lost. The new one and the gap between the two are one transaction: as long as there is no new place, the
    /// old one stays, and with it the knowledge that it is lost.
    /// </summary>
    private async Task<CatchUpStep> RestartItemsAsync(WatchedFolder folder, EwsError error, CancellationToken cancellationToken)
    {
        switch (await BaseLine.TakeAsync(state => SyncAsync(folder, state, cancellationToken)))
        {
            case EwsReply<string>.Success { Value: var state }:
                await KeepAsync(transaction => ItemPage.Restart(transaction, folder, state, error, time.GetUtcNow()), cancellationToken);
                return Done;
            case EwsReply<string>.Refused refused:
                return Hindrance(refused.Error);
            case EwsReply<string>.NoAnswer none:
                return new CatchUpStep.Hindered(none.Reason);
            default:
                throw new InvalidOperationException("The three replies are the only ones.");
        }
    }

    private async Task<CatchUpStep> RestartFoldersAsync(WatchedMailbox mailbox, EwsError error, CancellationToken cancellationToken)
    {
        switch (await BaseLine.TakeAsync(state => ews.SyncHierarchyAsync(target.Address, state, target.Affinity, cancellationToken)))
        {
            case EwsReply<string>.Success { Value: var state }:
                await KeepAsync(transaction => FolderPage.Restart(transaction, mailbox, state, error, time.GetUtcNow()), cancellationToken);
                return Done;
            case EwsReply<string>.Refused refused:
                return Hindrance(refused.Error);
            case EwsReply<string>.NoAnswer none:
                return new CatchUpStep.Hindered(none.Reason);
            default:
                throw new InvalidOperationException("The three replies are the only ones.");
        }
    }

    private Task<EwsReply<EwsSyncAnswer>> SyncAsync(WatchedFolder folder, string? state, CancellationToken cancellationToken) =>
        ews.SyncItemsAsync(target.Address, folder.FolderId, state, target.Affinity, cancellationToken);

    private async Task KeepAsync(Func<IStoreTransaction, int> settle, CancellationToken cancellationToken) =>
        News += await store.CommitAsync(settle, cancellationToken);

    private static CatchUpStep Hindrance(EwsError error)
    {
        var sentence = $"Exchange answered {error.ResponseCode}: {error.MessageText}";
        return EwsErrorKinds.IsPassing(error.ResponseCode) ? new CatchUpStep.Hindered(sentence) : new CatchUpStep.Refused(sentence);
    }
}
