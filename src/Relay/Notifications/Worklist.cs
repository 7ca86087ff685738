using Microsoft.Extensions.Logging;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Notifications;

/// <summary>
/// Which subscriptions to look at next: those that changed, whose mail was settled, or whose mailbox has new events. Used by one worker only.
/// </summary>
internal sealed class Worklist(IStore store, ILogger logger)
{
    private const int EventsAtOnce = 4096;

    private readonly HashSet<long> _mailed = [];
    private LogPosition _seen;

    public ServedSubscriptions Served { get; } = new();

    public HashSet<long> Candidates { get; } = [];

    /// <summary>Reads what the rows say. Returns how many subscriptions are served.</summary>
    public int Load()
    {
        _ = store.Bells.Subscriptions.Take();
        store.Read(transaction =>
        {
            var underWay = transaction.Outbox.SubscriptionsWithMailUnderWay().ToHashSet();
            var oldest = transaction.Events.End();
            foreach (var subscription in transaction.Subscriptions.Active())
            {
                if (!CanServe(subscription))
                {
                    continue;
                }

                Served.Update(transaction, subscription, underWay.Contains(subscription.Id));
                NoteMailed(subscription.Id);
                if (Served.Find(subscription.Id) is { Subscription.State: SubscriptionState.Active, ReadTo: var read, Dropped: var dropped })
                {
                    oldest = read.Value < oldest.Value ? read : oldest;
                    if (dropped is not null)
                    {
                        Candidates.Add(subscription.Id);
                    }
                }
            }

            TakeBacklog(transaction, oldest);
            return true;
        });
        return Served.Count;
    }

    /// <summary>Looks again at subscriptions that changed or whose mail was settled.</summary>
    public void TakeChanges()
    {
        var changed = store.Bells.Subscriptions.Take();
        if (changed.Count == 0)
        {
            return;
        }

        store.Read(transaction =>
        {
            var open = new Queue<long>(changed);
            var seen = new HashSet<long>();
            while (open.TryDequeue(out long id))
            {
                if (seen.Add(id) && transaction.Subscriptions.Find(id) is { } subscription && CanServe(subscription))
                {
                    var opened = Served.Update(transaction, subscription, transaction.Outbox.HasMailUnderWay(id));
                    NoteMailed(id);
                    opened?.Subscriptions.ToList().ForEach(open.Enqueue);
                    Candidates.Add(id);
                }
            }

            foreach (long id in seen)
            {
                if (Served.Find(id) is { Stream: { } stream } && !Served.IsBusy(stream))
                {
                    Candidates.UnionWith(Served.TakeWaiting(stream));
                }
            }

            return true;
        });
    }

    /// <summary>Those whose awaited notification the mail server has taken since the last call.</summary>
    public List<long> TakeMailed()
    {
        List<long> mailed = [.. _mailed];
        _mailed.Clear();
        return mailed;
    }

    /// <summary>Finds the mailboxes with new events and who asked for them. False when there are none.</summary>
    public bool TakeEvents()
    {
        var tails = store.Read(transaction => transaction.Events.MailboxesAfter(_seen, EventsAtOnce));
        foreach (var tail in tails)
        {
            Candidates.UnionWith(Served.OfMailbox(tail.MailboxId));
            if (tail.Last.Value > _seen.Value)
            {
                _seen = tail.Last;
            }
        }

        return tails.Count > 0;
    }

    // Only subscriptions whose mailbox has events behind their cursor are looked at: a start costs what is left to do, not what exists.
    private void TakeBacklog(IStoreTransaction transaction, LogPosition oldest)
    {
        _seen = oldest;
        var last = new Dictionary<long, LogPosition>();
        while (transaction.Events.MailboxesAfter(_seen, EventsAtOnce) is { Count: > 0 } tails)
        {
            foreach (var tail in tails)
            {
                last[tail.MailboxId] = tail.Last;
                _seen = tail.Last.Value > _seen.Value ? tail.Last : _seen;
            }
        }

        foreach (var (mailbox, end) in last)
        {
            Candidates.UnionWith(Served.OfMailbox(mailbox).Where(id => Served.Find(id)!.ReadTo.Value < end.Value));
        }
    }

    // One row that is damaged must not keep the others from their mail.
    private bool CanServe(Subscription subscription)
    {
        if (SubscriptionSettings.IsReadable(subscription))
        {
            return true;
        }

        NotificationLog.Unreadable(logger, subscription.PublicId);
        Served.Forget(subscription.Id, subscription.MailboxId);
        return false;
    }

    private void NoteMailed(long id)
    {
        if (Served.Find(id) is { MailUnderWay: false, Awaited.MailedAt: null })
        {
            _mailed.Add(id);
        }
    }
}
