using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>Appends what a source was told to the event log, leaving out what the log tells already.</summary>
internal sealed class EventWriter(IStore store, OwnMailGuard guard, TimeProvider time)
{
    /// <summary>
    /// One transaction for all of them. What comes from a subscription that was replaced or given up is left out: it may have lost something
    /// before that, and all of it is found by catching up, for which it asks where something was missed. Returns those that were taken.
    /// </summary>
    internal async Task<IReadOnlyList<Telling>> AppendAsync(WatchGroup group, IReadOnlyList<Telling> told, CancellationToken cancellationToken)
    {
        if (told.All(telling => !telling.HasEvents && !telling.HasMissed))
        {
            return [.. told.Where(telling => group.Listens(telling.Mailbox, telling.SubscriptionId))];
        }

        var own = await guard.LookAsync(group, told, cancellationToken);
        var taken = await store.CommitAsync(transaction => Append(transaction, group, told, own), cancellationToken);
        group.Missed([.. taken.Where(telling => telling.HasMissed).Select(telling => telling.Mailbox)]);
        foreach (var telling in taken.Where(telling => telling.HasEvents))
        {
            group.Told(telling.Mailbox, telling.Events, LeavesElsewhere(telling), time.GetUtcNow());
        }

        return taken;
    }

    private bool LeavesElsewhere(Telling telling)
    {
        var left = telling.Events.Where(item => item is { Type: MailboxEventType.Deleted, IsFolder: false }).ToList();
        if (left.Count == 0)
        {
            return false;
        }

        var watched = store.Read(transaction => transaction.Watches.Folders(telling.Mailbox.MailboxId)).Select(folder => folder.FolderId).ToHashSet();
        return left.Exists(item => !watched.Contains(item.ParentFolder.Id));
    }

    private List<Telling> Append(IStoreTransaction transaction, WatchGroup group, IReadOnlyList<Telling> told, IReadOnlySet<MailboxEvent> own)
    {
        var taken = told.Where(telling => group.Listens(telling.Mailbox, telling.SubscriptionId)).ToList();
        foreach (var (mailbox, _, events, hasMissed) in taken)
        {
            if (hasMissed)
            {
                transaction.Watches.MarkBreak(mailbox.MailboxId, transaction.Events.End());
            }

            var news = Recognition.News(transaction.Events, mailbox.MailboxId, events);
            transaction.Events.Append(mailbox.MailboxId, news, caughtUp: false, time.GetUtcNow(), own.Contains);
        }

        return taken;
    }
}
