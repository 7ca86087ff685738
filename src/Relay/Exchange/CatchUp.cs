using Relay.Store;

namespace Relay.Exchange;

/// <summary>
/// Finds what happened to a mailbox since its stored sync states and appends the net change of each folder and item to the log.
/// <list type="number">
/// <item>The folder tree, so that new folders are known before their items are asked for.</item>
/// <item>Each watched folder's items.</item>
/// </list>
/// Each page's events and the state it ends at are one transaction, so that a catch-up that is cut goes on where it was.
/// </summary>
internal sealed class CatchUp(EwsClient ews, IStore store, TimeProvider time)
{
    internal async Task<CatchUpResult> RunAsync(SyncTarget target, CancellationToken cancellationToken)
    {
        var run = new CatchUpRun(ews, store, time, target);

        // 1
        var step = await run.FoldersAsync(cancellationToken);
        var refused = (step as CatchUpStep.Refused)?.Reason;

        // 2
        foreach (var folder in store.Read(transaction => transaction.Watches.Folders(target.MailboxId)))
        {
            if (step is CatchUpStep.Hindered hindered)
            {
                return new CatchUpResult.Later(hindered.Reason);
            }

            step = await run.ItemsAsync(folder, cancellationToken);
            refused ??= (step as CatchUpStep.Refused)?.Reason;
        }

        var reason = (step as CatchUpStep.Hindered)?.Reason ?? refused;
        return reason is null ? new CatchUpResult.Done(run.News) : new CatchUpResult.Later(reason);
    }
}
