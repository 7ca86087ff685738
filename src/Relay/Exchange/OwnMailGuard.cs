using Microsoft.Extensions.Logging;
using Relay.Wire.Ews;
using Relay.Store;

namespace Relay.Exchange;

/// <summary>
/// Finds the events that are about mail which the relay itself made, so that a notification that arrives in a watched mailbox is not told by the
/// next (docs/decisions/0007). Only mailboxes that are notified of something are looked at.
/// <list type="number">
/// <item>What the log tells of an item to be our own stays so, under its later ids too.</item>
/// <item>Items that are new are asked for their Message-ID, all of a mailbox at once.</item>
/// <item>A change of a folder belongs to the item of it that was told last.</item>
/// </list>
/// Where Exchange does not say in time, events pass for those of others: a doubt must neither hold events back nor lose them.
/// </summary>
internal sealed class OwnMailGuard(EwsClient ews, IStore store, IOwnMail ours, TimeProvider time, ILogger<OwnMailGuard> log)
{
    /// <summary>For all mailboxes of a batch together: a stream that is not read falls behind.</summary>
    private static readonly TimeSpan LongestAsk = TimeSpan.FromSeconds(5);

    /// <summary>After a failure nothing is asked for the group, so that delays do not add up; a mailbox that is refused rests alone.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>The events among these that are about own mail, by reference.</summary>
    internal async Task<IReadOnlySet<MailboxEvent>> LookAsync(
        WatchGroup group, IReadOnlyList<Telling> told, CancellationToken cancellationToken)
    {
        var own = new HashSet<MailboxEvent>(ReferenceEqualityComparer.Instance);
        var guarded = told.Where(telling => telling.HasEvents).ToList();
        guarded = guarded.Count == 0 ? guarded : store.Read(transaction =>
            guarded.Where(telling => transaction.Subscriptions.IsNotified(telling.Mailbox.Address)).ToList());
        using var limit = new CancellationTokenSource(LongestAsk, time);
        foreach (var telling in guarded)
        {
            // 1
            var items = new OwnItems(telling.Events);
            store.Read(transaction => items.Inherit(id => transaction.Events.LastOf(telling.Mailbox.MailboxId, id)?.Own ?? false));

            // 2
            await AskAsync(group, telling.Mailbox, items, limit.Token, cancellationToken);

            // 3
            own.UnionWith(items.Mark(telling.Mailbox.OwnFolders, time.GetUtcNow()));
        }

        return own;
    }

    private async Task AskAsync(WatchGroup group, MailboxWatch mailbox, OwnItems items, CancellationToken limit, CancellationToken cancellationToken)
    {
        string[] asked = [.. items.Unknown()];
        if (asked.Length == 0 || !group.MayAsk(mailbox, time.GetUtcNow()))
        {
            return;
        }

        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit, cancellationToken);
        try
        {
            switch (await ews.GetMessageIdsAsync(mailbox.Address, asked, group.Affinity, both.Token))
            {
                case EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success { Value: var found } when found.Count == asked.Length:
                    items.Learn(store.Read(transaction =>
                        asked.Zip(found).Where(pair => IsOurs(transaction, mailbox.Address, pair.Second)).Select(pair => pair.First).ToList()));
                    break;
                case EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success:
                    Rest(group, mailbox, "Exchange answered for another number of items.", isOfMailbox: true);
                    break;
                case EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Refused { Error: var error }:
                    Rest(group, mailbox, $"Exchange answered {error.ResponseCode}.", !EwsErrorKinds.IsPassing(error.ResponseCode));
                    break;
                case EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.NoAnswer none:
                    Rest(group, mailbox, none.Reason, isOfMailbox: false);
                    break;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Rest(group, mailbox, "Exchange did not answer in time.", isOfMailbox: false);
        }
    }

    private bool IsOurs(IStoreTransaction transaction, string mailbox, EwsResult<EwsItem> found) =>
        found is EwsResult<EwsItem>.Success { Value.InternetMessageId: { } messageId } && ours.IsOurs(transaction, messageId, mailbox);

    private void Rest(WatchGroup group, MailboxWatch mailbox, string reason, bool isOfMailbox)
    {
        group.AskNotBefore(isOfMailbox ? mailbox : null, time.GetUtcNow() + Pause);
        log.OwnMailUnknown(mailbox.Address, reason, Pause);
    }
}
