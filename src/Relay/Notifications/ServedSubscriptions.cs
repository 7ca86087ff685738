using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Notifications;

/// <summary>
/// The subscriptions that mail is made for, in memory: push subscriptions, and streaming subscriptions while their stream is open. By number, by
/// mailbox, and by when a StatusEvent is due. Used by one worker only. Costs memory by the subscriptions that exist, time by those that
/// are asked for.
/// </summary>
internal sealed class ServedSubscriptions
{
    private readonly Dictionary<long, ServedState> _states = [];
    private readonly Dictionary<long, HashSet<long>> _byMailbox = [];
    private readonly Dictionary<long, HashSet<long>> _waiting = [];
    private readonly PriorityQueue<long, DateTimeOffset> _statusDue = new();
    private readonly PriorityQueue<long, DateTimeOffset> _held = new();

    public int Count => _states.Count;

    public DateTimeOffset? NextStatusDue => _statusDue.TryPeek(out _, out var at) ? at : null;

    public DateTimeOffset? NextHeld => _held.TryPeek(out _, out var at) ? at : null;

    public ServedState? Find(long id) => _states.GetValueOrDefault(id);

    public IReadOnlyCollection<long> OfMailbox(long mailboxId) => _byMailbox.GetValueOrDefault(mailboxId) ?? [];

    /// <summary>Takes a subscription as its rows stand now; one that has ended, or that no mail is made for, is forgotten.</summary>
    /// <returns>The stream that tells its events, if that has just become known.</returns>
    public OpenStream? Update(IStoreTransaction transaction, Subscription subscription, bool mailUnderWay)
    {
        var stream = subscription.Kind == SubscriptionKind.Streaming ? transaction.Streams.Of(subscription.Id) : null;
        var known = ReadAgainIfSetBack(subscription);
        if (subscription.State == SubscriptionState.Ended || (stream is null && subscription.Kind != SubscriptionKind.Push))
        {
            Forget(subscription.Id, subscription.MailboxId);
            return null;
        }

        var settings = SubscriptionSettings.Of(subscription);
        long told = Math.Max(subscription.Cursor.Value, settings.GapToldAt);
        var readTo = new LogPosition(Math.Max(told, known?.ReadTo.Value ?? 0));
        var state = new ServedState(subscription, readTo, mailUnderWay, stream, settings.Dropped, settings.Awaited)
        {
            Wishes = settings.Delivery ?? DeliveryWishes.None,
            RestUpTo = known?.RestUpTo ?? default,
        };
        _states[subscription.Id] = state;
        if (known is null)
        {
            (_byMailbox.TryGetValue(subscription.MailboxId, out var ids) ? ids : _byMailbox[subscription.MailboxId] = []).Add(subscription.Id);
            if (subscription.Kind == SubscriptionKind.Push)
            {
                _statusDue.Enqueue(subscription.Id, state.StatusDue);
            }
        }

        return stream is not null && stream.Id != known?.Stream?.Id ? stream : null;
    }

    /// <summary>Nothing is mailed for it any more.</summary>
    public void Forget(long id, long mailboxId)
    {
        if (!_states.Remove(id, out var state))
        {
            return;
        }

        if (_byMailbox.TryGetValue(mailboxId, out var ids) && ids.Remove(id) && ids.Count == 0)
        {
            _byMailbox.Remove(mailboxId);
        }

        if (state.Stream is { } stream && !stream.Subscriptions.Any(_states.ContainsKey))
        {
            _waiting.Remove(stream.Id);
        }
    }

    public void ReadTo(long id, LogPosition position)
    {
        if (Find(id) is { } state)
        {
            _states[id] = state with { ReadTo = position };
        }
    }

    /// <summary>What lies up to there is told with the next mail, however short the time.</summary>
    public void NoteRest(long id, LogPosition end)
    {
        if (Find(id) is { } state)
        {
            _states[id] = state with { RestUpTo = end };
        }
    }

    /// <summary>It is not looked at before a time, unless the log has grown to where its next mail may be full, or has a gap.</summary>
    public void Hold(long id, DateTimeOffset until, LogPosition enough, LogPosition seen)
    {
        if (Find(id) is { } state)
        {
            if (state.Hold?.Until != until)
            {
                _held.Enqueue(id, until);
            }

            _states[id] = state with { Hold = (until, enough, seen) };
        }
    }

    /// <summary>Those that were held back until now.</summary>
    public IReadOnlyList<long> TakeHeld(DateTimeOffset now)
    {
        var due = new List<long>();
        while (_held.TryPeek(out long id, out var until) && until <= now)
        {
            _held.Dequeue();
            due.Add(id);
        }

        return due;
    }

    /// <summary>Whether a mail of the stream is under way: its mails go out one after the other, as they would over one connection.</summary>
    public bool IsBusy(OpenStream stream) => stream.Subscriptions.Any(id => Find(id) is { MailUnderWay: true });

    /// <summary>The subscriptions that waited for a mail of the stream to be settled.</summary>
    public IReadOnlyCollection<long> TakeWaiting(OpenStream stream) => _waiting.Remove(stream.Id, out var ids) ? ids : [];

    /// <summary>The subscription is looked at again when the stream's mail is settled.</summary>
    public void Wait(OpenStream stream, long id) =>
        (_waiting.TryGetValue(stream.Id, out var ids) ? ids : _waiting[stream.Id] = []).Add(id);

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

    // Mails that never arrived set a subscription back: what was read behind that place counts no more.
    private ServedState? ReadAgainIfSetBack(Subscription subscription)
    {
        static LogPosition Told(Subscription one) => new(Math.Max(one.Cursor.Value, SubscriptionSettings.Of(one).GapToldAt));
        if (Find(subscription.Id) is { } known && Told(subscription).Value < Told(known.Subscription).Value)
        {
            ReadTo(subscription.Id, Told(subscription));
        }

        return Find(subscription.Id);
    }
}
