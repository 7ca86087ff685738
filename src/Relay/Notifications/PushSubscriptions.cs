using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Notifications;

/// <summary>
/// The push subscriptions in memory: by number, by mailbox, and by when their StatusEvent is due. Used by one worker only. Costs memory by
/// the subscriptions that exist, time by those that are asked for.
/// </summary>
internal sealed class PushSubscriptions
{
    private readonly Dictionary<long, PushState> _states = [];
    private readonly Dictionary<long, HashSet<long>> _byMailbox = [];
    private readonly PriorityQueue<long, DateTimeOffset> _statusDue = new();

    public int Count => _states.Count;

    public PushState? Find(long id) => _states.GetValueOrDefault(id);

    public IReadOnlyCollection<long> OfMailbox(long mailboxId) => _byMailbox.GetValueOrDefault(mailboxId) ?? [];

    /// <summary>Takes a subscription as its row stands now; one that has ended, or that is no push subscription, is forgotten.</summary>
    public void Update(Subscription subscription, bool mailUnderWay)
    {
        if (subscription.Kind != SubscriptionKind.Push || subscription.State == SubscriptionState.Ended)
        {
            Forget(subscription.Id, subscription.MailboxId);
            return;
        }

        var known = Find(subscription.Id);
        long told = Math.Max(subscription.Cursor.Value, SubscriptionSettings.Of(subscription).GapToldAt);
        _states[subscription.Id] = new PushState(subscription, new LogPosition(Math.Max(told, known?.ReadTo.Value ?? 0)), mailUnderWay);
        if (known is null)
        {
            (_byMailbox.TryGetValue(subscription.MailboxId, out var ids) ? ids : _byMailbox[subscription.MailboxId] = []).Add(subscription.Id);
            _statusDue.Enqueue(subscription.Id, _states[subscription.Id].StatusDue);
        }
    }

    public void ReadTo(long id, LogPosition position)
    {
        if (Find(id) is { } state)
        {
            _states[id] = state with { ReadTo = position };
        }
    }

    /// <summary>Those whose time without events has passed. Each comes back into the queue with its next time.</summary>
    public IReadOnlyList<long> TakeStatusDue(DateTimeOffset now)
    {
        var due = new List<long>();
        while (_statusDue.TryPeek(out long id, out var at) && at <= now)
        {
            _statusDue.Dequeue();
            if (Find(id) is not { } state)
            {
                continue;
            }

            if (state.StatusDue <= now)
            {
                due.Add(id);
            }

            var next = state.StatusDue > now ? state.StatusDue : now + TimeSpan.FromMinutes(state.Subscription.PeriodMinutes);
            _statusDue.Enqueue(id, next);
        }

        return due;
    }

    public DateTimeOffset? NextStatusDue => _statusDue.TryPeek(out _, out var at) ? at : null;

    private void Forget(long id, long mailboxId)
    {
        if (_states.Remove(id) && _byMailbox.TryGetValue(mailboxId, out var ids) && ids.Remove(id) && ids.Count == 0)
        {
            _byMailbox.Remove(mailboxId);
        }
    }
}
