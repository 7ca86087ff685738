using Relay.Store;

namespace Relay.Exchange;

/// <summary>
/// Finds what happened to a mailbox since its stored sync states and appends the net change of each folder and item to the log.
/// <list type="number">
/// <item>What the log tells since then is read, so that nothing recognisable is told twice.</item>
/// <item>The folder tree, so that new folders are known before their items are asked for.</item>
/// <item>Each watched folder's items.</item>
/// <item>With all folders: items that only search folders told of.</item>
/// </list>
/// </summary>
internal sealed class CatchUp(EwsClient ews, IStore store, IOwnMail ours, TimeProvider time)
{
    /// <param name="target">The mailbox.</param>
    /// <param name="cancellationToken">Ends it between two requests; what was told stays told.</param>
    internal async Task<CatchUpResult> RunAsync(SyncTarget target, CancellationToken cancellationToken)
    {
        if (store.Read(transaction => transaction.Watches.Mailbox(target.MailboxId)) is not { } mailbox)
        {
            return new CatchUpResult.Done(0);
        }

        // 1
        var mark = store.Read(transaction => SyncMark.Take(transaction, mailbox.Id, time));
        var told = store.Read(transaction => ReadTold(transaction, mailbox));
        var run = new SyncRun(ews, store, time, target, told, mark, IsComplete: false, ours);

        // 2
        var step = mailbox.HierarchyState is null ? SyncRun.Done : await new TreeSync(run, mailbox).RunAsync(cancellationToken);
        var refused = (step as CatchUpStep.Refused)?.Reason;

        // 3
        foreach (var folder in store.Read(transaction => transaction.Watches.Folders(target.MailboxId)))
        {
            if (step is CatchUpStep.Hindered hindered)
            {
                return new CatchUpResult.Later(hindered.Reason);
            }

            step = await new ItemSync(run, folder).RunAsync(cancellationToken);
            refused ??= (step as CatchUpStep.Refused)?.Reason;
        }

        // 4
        if (step is not CatchUpStep.Hindered)
        {
            step = await new StraySync(run, mailbox).RunAsync(cancellationToken);
            refused ??= (step as CatchUpStep.Refused)?.Reason;
        }

        var reason = (step as CatchUpStep.Hindered)?.Reason ?? refused;
        return reason is null ? new CatchUpResult.Done(run.News) : new CatchUpResult.Later(reason);
    }

    internal static ToldEvents ReadTold(IStoreTransaction transaction, WatchedMailbox mailbox)
    {
        var since = transaction.Watches.Folders(mailbox.Id).Select(folder => folder.SyncedPosition)
            .Append(mailbox.HierarchySyncedPosition)
            .Append(mailbox.AllFolders ? mailbox.StraysPosition : mailbox.HierarchySyncedPosition)
            .Min();
        return ToldEvents.Read(transaction, mailbox.Id, since);
    }
}
