using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Moves the sync states of a mailbox forward while its subscription lives, so that a later catch-up has less to compare.
/// <list type="number">
/// <item>The net changes since the states are collected. Those that the log surely tells are done with.</item>
/// <item>It waits until the subscription has told all that happened before that (see <see cref="WatchGroup.IsToldAsync"/>), or gives up: the
/// states stay, and nothing is lost but the trouble.</item>
/// <item>What the log does not tell even now is told, and the new states are stored.</item>
/// </list>
/// </summary>
internal sealed class Advance(EwsClient ews, IStore store, IOwnMail ours, TimeProvider time)
{
    private static readonly EwsReply<CollectedChanges> NoTree =
        new EwsReply<CollectedChanges>.Success(new CollectedChanges("", [], new HashSet<string>()));

    /// <param name="target">The mailbox.</param>
    /// <param name="isTold">Whether everything is told that happened up to the call; the argument is the latest change known then.</param>
    /// <param name="cancellationToken">Ends it between two requests.</param>
    internal async Task<AdvanceResult> RunAsync(
        SyncTarget target, Func<DateTimeOffset, CancellationToken, Task<bool>> isTold, CancellationToken cancellationToken)
    {
        // 1
        var (mark, known, folders) = store.Read(transaction => (
            SyncMark.Take(transaction, target.MailboxId, time),
            transaction.Watches.Mailbox(target.MailboxId),
            transaction.Watches.Folders(target.MailboxId)));
        if (known is not { } mailbox)
        {
            return new AdvanceResult.Done(0);
        }

        if (mailbox.HierarchyBrokenAt is not null || folders.Any(folder => folder.BrokenAt is not null))
        {
            return new AdvanceResult.Lost();
        }

        var told = store.Read(transaction => CatchUp.ReadTold(transaction, mailbox));
        var tree = await CollectTreeAsync(target, mailbox, cancellationToken);
        var items = new List<(WatchedFolder Folder, CollectedChanges Changes)>();
        if (await CollectItemsAsync(target, folders, tree, told, items, cancellationToken) is { } hindrance)
        {
            return hindrance;
        }

        // 2
        if (!await isTold(Latest(told, items.SelectMany(folder => folder.Changes.Changes)), cancellationToken)
            || store.Read(transaction => transaction.Watches.Mailbox(mailbox.Id))?.Breaks != mark.Breaks)
        {
            return new AdvanceResult.Later();
        }

        // 3
        told = store.Read(transaction => CatchUp.ReadTold(transaction, mailbox));
        var run = new SyncRun(ews, store, time, target, told, mark, IsComplete: true, ours);
        return await ApplyAsync(run, mailbox, tree, items, cancellationToken);
    }

    private static AdvanceResult Hindrance(EwsReply<CollectedChanges> reply) =>
        reply is EwsReply<CollectedChanges>.Refused { Error: var error } && !EwsErrorKinds.IsPassing(error.ResponseCode)
            ? new AdvanceResult.Lost()
            : new AdvanceResult.Later();

    /// <summary>The latest change known; far in the future where a change comes without its time, as that of a read flag does.</summary>
    private static DateTimeOffset Latest(ToldEvents told, IEnumerable<EwsChange> changes) => changes
        .Where(change => change.Kind != EwsChangeKind.Delete)
        .Select(change => change.LastModified ?? DateTimeOffset.MaxValue - ToldEvents.ClearlyLater)
        .Append(told.LastTime)
        .Max();

    private static async Task<AdvanceResult> ApplyAsync(
        SyncRun run, WatchedMailbox mailbox, EwsReply<CollectedChanges> tree, List<(WatchedFolder Folder, CollectedChanges Changes)> items,
        CancellationToken cancellationToken)
    {
        var step = mailbox.HierarchyState is not null && tree is EwsReply<CollectedChanges>.Success { Value: var folders }
            ? await new TreeSync(run, mailbox).ApplyAsync(folders, cancellationToken)
            : SyncRun.Done;
        foreach (var (folder, changes) in items)
        {
            if (step is not CatchUpStep.Done)
            {
                return new AdvanceResult.Later();
            }

            step = await new ItemSync(run, folder).ApplyAsync(changes, cancellationToken);
        }

        if (step is CatchUpStep.Done)
        {
            step = await new StraySync(run, mailbox).RunAsync(cancellationToken);
        }

        return step is CatchUpStep.Done ? new AdvanceResult.Done(run.News) : new AdvanceResult.Later();
    }

    private async Task<EwsReply<CollectedChanges>> CollectTreeAsync(SyncTarget target, WatchedMailbox mailbox, CancellationToken cancellationToken) =>
        mailbox.HierarchyState is null
            ? NoTree
            : await CollectedChanges.TakeAsync(
                mailbox.HierarchyState, state => ews.SyncHierarchyAsync(target.Address, state, target.Affinity, cancellationToken), _ => false);

    /// <returns>Null when the changes of every folder have been added to <paramref name="items"/>, else what came in between.</returns>
    private async Task<AdvanceResult?> CollectItemsAsync(
        SyncTarget target, IReadOnlyList<WatchedFolder> folders, EwsReply<CollectedChanges> tree, ToldEvents told,
        List<(WatchedFolder Folder, CollectedChanges Changes)> items, CancellationToken cancellationToken)
    {
        foreach (var folder in folders)
        {
            var reply = tree is EwsReply<CollectedChanges>.Success ? await CollectAsync(target, folder, told, cancellationToken) : tree;
            if (reply is not EwsReply<CollectedChanges>.Success { Value: var collected })
            {
                return Hindrance(reply);
            }

            items.Add((folder, collected));
        }

        return null;
    }

    private Task<EwsReply<CollectedChanges>> CollectAsync(
        SyncTarget target, WatchedFolder folder, ToldEvents told, CancellationToken cancellationToken) => CollectedChanges.TakeAsync(
        string.IsNullOrEmpty(folder.SyncState) ? null : folder.SyncState,
        state => ews.SyncItemsAsync(target.Address, folder.FolderId, state, target.Affinity, cancellationToken),
        change => change.Kind is EwsChangeKind.Create or EwsChangeKind.Update
            && told.TellsLastChange(change.Id, change.LastModified, folder, isComplete: false));
}
