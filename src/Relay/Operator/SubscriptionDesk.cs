using System.Globalization;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Operator;

/// <summary>What the operator sees of subscriptions, and the end of one by hand.</summary>
internal sealed class SubscriptionDesk(IStore store, TimeProvider time)
{
    private const int ReadAtOnce = 500;
    private const int MailsShown = 20;

    /// <summary>Those that pass the filter, oldest first, and whether there are more.</summary>
    public (IReadOnlyList<SubscriptionReport> Subscriptions, bool More) List(SubscriptionSearch search, int atMost) => store.Read(transaction =>
    {
        var found = new List<SubscriptionReport>();
        var watermarks = new WatermarkCodec(transaction.Identity.LogId);
        long after = 0;
        while (transaction.Subscriptions.List(after, ReadAtOnce) is { Count: > 0 } page)
        {
            foreach (var report in page.Select(subscription => Report(transaction, subscription, watermarks)).Where(search.Fits))
            {
                if (found.Count == atMost)
                {
                    return (found, true);
                }

                found.Add(report);
            }

            after = page[^1].Id;
        }

        return (found, false);
    });

    /// <summary>One subscription and its last mails; null when there is none, or it has been purged.</summary>
    public (SubscriptionReport Subscription, IReadOnlyList<QueuedMail> Mails)? Show(string id) => store.Read(transaction =>
        Find(transaction, id) is { } subscription
            ? (Report(transaction, subscription, new WatermarkCodec(transaction.Identity.LogId)),
                (IReadOnlyList<QueuedMail>)[.. transaction.Outbox.OfSubscription(subscription.Id, MailsShown).Select(mail => QueuedMails.Of(mail, transaction))])
            : ((SubscriptionReport, IReadOnlyList<QueuedMail>)?)null);

    public Task<SubscriptionAct> EndAsync(string id, CancellationToken cancellationToken) => store.CommitAsync(
        transaction =>
        {
            if (Find(transaction, id) is not { } subscription)
            {
                return new SubscriptionAct(false, $"There is no subscription {id}.");
            }

            var now = time.GetUtcNow();
            if (!transaction.Subscriptions.End(subscription.Id, EndReasons.ByOperator, now, tellOwner: true))
            {
                return new SubscriptionAct(false, $"Subscription {subscription.PublicId} has ended already: {subscription.EndReason}.");
            }

            transaction.Outbox.DropOfSubscription(subscription.Id);
            transaction.OperatorActions.Add(new OperatorAction(0, now, null, null, subscription.Id, "ended"));
            return new SubscriptionAct(true, $"subscription {subscription.PublicId} is ended")
            {
                Subscription = Report(
                    transaction, transaction.Subscriptions.Find(subscription.Id) ?? subscription, new WatermarkCodec(transaction.Identity.LogId)),
            };
        },
        cancellationToken);

    /// <summary>By the id that its owner knows, or by the number that stands in our log.</summary>
    internal static Subscription? Find(IStoreTransaction transaction, string id) =>
        transaction.Subscriptions.FindByPublicId(id)
        ?? (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? transaction.Subscriptions.Find(number) : null);

    internal static SubscriptionReport Report(IStoreTransaction transaction, Subscription subscription, WatermarkCodec watermarks) => new()
    {
        Id = subscription.PublicId,
        Kind = subscription.Kind.ToString().ToLowerInvariant(),
        State = subscription.State.ToString().ToLowerInvariant(),
        Reason = subscription.EndReason
            ?? (SubscriptionSettings.IsReadable(subscription) ? null : "its settings in the store cannot be read: nothing is mailed; end it, and let it be made anew"),
        Mailbox = transaction.Watches.AddressOf(subscription.MailboxId),
        Folders = subscription.AllFolders ? [] : [.. subscription.Folders.Select(folder => folder.Name)],
        Owner = subscription.Principal,
        NotifyAddress = subscription.NotifyAddress,
        Service = subscription.ServiceAddress,
        Events = [.. Enum.GetValues<EwsEventTypes>().Where(type => long.PopCount((long)type) == 1 && subscription.EventTypes.HasFlag(type)).Select(type => type.ToString())],
        PeriodMinutes = subscription.PeriodMinutes,
        Delivery = SubscriptionSettings.TryOf(subscription)?.Delivery?.ToWords(),
        Created = subscription.CreatedAt,
        LastActivity = subscription.LastActivityAt,
        Sequence = subscription.Sequence,
        Watermark = watermarks.Encode(subscription.Cursor),
        RequestId = subscription.RootMessageId,
    };
}
