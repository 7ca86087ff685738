using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// The mailboxes that share a connection and a server, and what is known of each. Many tasks change it; whoever does rings the bell, and the
/// one task that runs the group looks.
/// </summary>
internal sealed class WatchGroup
{
    /// <summary>
    /// Refused so often in a row, whatever the reason, a subscription is made anew: what is queued for it would be told to nobody, and catching up tells it.
    /// </summary>
    internal const int MostRefusals = 6;

    private readonly ExchangeOptions _options;
    private readonly SettlingTimes _times;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, MailboxWatch> _members = [];
    private DateTimeOffset _askNotBefore;

    /// <param name="anchor">The mailbox that routes the group's requests at first.</param>
    /// <param name="options">How many mailboxes it takes, and how often their states are moved forward.</param>
    internal WatchGroup(string anchor, ExchangeOptions options)
    {
        _options = options;
        _times = new SettlingTimes(options);
        Affinity = new Affinity(anchor);
        Schedule = new WatchSchedule(_members, _gate, Changed, _times);
    }

    internal Affinity Affinity { get; }

    internal Bell Changed { get; } = new();

    /// <summary>What is to be done for its members, and when.</summary>
    internal WatchSchedule Schedule { get; }

    /// <summary>False when the group is full or has it already.</summary>
    internal bool TryAdd(MailboxWatch mailbox)
    {
        lock (_gate)
        {
            if (_members.Count >= _options.MailboxesPerConnection || !_members.TryAdd(mailbox.MailboxId, mailbox))
            {
                return false;
            }
        }

        Changed.Ring();
        return true;
    }

    internal bool Has(long mailboxId)
    {
        lock (_gate)
        {
            return _members.ContainsKey(mailboxId);
        }
    }

    internal MailboxWatch? Remove(long mailboxId)
    {
        MailboxWatch? removed;
        lock (_gate)
        {
            _members.Remove(mailboxId, out removed);
        }

        Changed.Ring();
        return removed;
    }

    internal IReadOnlyList<MailboxWatch> Members()
    {
        lock (_gate)
        {
            return [.. _members.Values];
        }
    }

    /// <summary>The subscriptions that can be listened to now, each with its mailbox.</summary>
    internal Dictionary<string, MailboxWatch> Ready()
    {
        lock (_gate)
        {
            return _members.Values.Where(member => member is { IsReady: true, SubscriptionId: not null })
                .ToDictionary(member => member.SubscriptionId!, StringComparer.Ordinal);
        }
    }

    /// <summary>A stream serves these subscriptions from now on. One that was replaced meanwhile is left out.</summary>
    internal void Listen(IReadOnlyDictionary<string, MailboxWatch> subscriptions, Delivery delivery)
    {
        lock (_gate)
        {
            foreach (var (_, member) in subscriptions.Where(subscription => subscription.Value.SubscriptionId == subscription.Key))
            {
                member.Delivery = delivery;
            }
        }
    }

    /// <summary>
    /// False when this subscription was replaced or given up: what it still tells may have lost something before it, and is found by catching up.
    /// </summary>
    internal bool Listens(MailboxWatch mailbox, string subscriptionId)
    {
        lock (_gate)
        {
            return mailbox.SubscriptionId == subscriptionId && !mailbox.NeedsSubscription;
        }
    }

    internal MailboxWatch? Find(string subscriptionId)
    {
        lock (_gate)
        {
            return _members.Values.FirstOrDefault(member => member.SubscriptionId == subscriptionId);
        }
    }

    /// <summary>Someone is making a subscription whose id is not known yet.</summary>
    internal bool IsSubscribing()
    {
        lock (_gate)
        {
            return _members.Values.Any(member => member is { IsPreparing: true, NeedsSubscription: true });
        }
    }

    /// <summary>Exchange called for this mailbox.</summary>
    internal void Heard(MailboxWatch mailbox, DateTimeOffset now) => Set(mailbox, member => member.LastHeard = now);

    internal IReadOnlyDictionary<string, MailboxWatch> SilentSince(DateTimeOffset time) =>
        Ready().Where(subscription => subscription.Value.LastHeard < time).ToDictionary();

    /// <summary>
    /// Exchange refuses what is asked for the whole group in the name of its anchor, which may be gone or out of bounds while the others are well: the next
    /// that can be listened to takes its place.
    /// </summary>
    internal void MoveAnchor()
    {
        lock (_gate)
        {
            var ready = _members.Values.Where(member => member.IsReady).Select(member => member.Address).ToList();
            if (ready.Count > 0)
            {
                Affinity.MoveTo(ready[(ready.IndexOf(Affinity.Anchor ?? "") + 1) % ready.Count]);
            }
        }
    }

    internal void DistrustAll() => Distrust(Ready());

    /// <summary>Events of this mailbox were told as they happened.</summary>
    /// <param name="mailbox">A member.</param>
    /// <param name="events">Some.</param>
    /// <param name="isPressing">See <see cref="MailboxWatch.IsPressing"/>.</param>
    /// <param name="now">By our clock.</param>
    internal void Told(MailboxWatch mailbox, IReadOnlyList<MailboxEvent> events, bool isPressing, DateTimeOffset now)
    {
        bool isFirst;
        var latest = events.Max(item => item.TimeStamp);
        lock (_gate)
        {
            isFirst = mailbox.FirstUnsettled is null || (isPressing && !mailbox.IsPressing);
            mailbox.IsPressing |= isPressing;
            mailbox.FirstUnsettled ??= now;
            mailbox.LatestEvent = latest > mailbox.LatestEvent ? latest : mailbox.LatestEvent;
        }

        mailbox.News.Ring();

        if (isFirst)
        {
            Changed.Ring();
        }
    }

    /// <summary>
    /// Waits until the subscription of a mailbox has told everything that happened before the call: because it tells in order and has told
    /// something that happened clearly later, or because it has told all that was queued when Exchange had had the time to queue it. False when
    /// something broke meanwhile, or when that does not become so in the time that is usual.
    /// </summary>
    /// <param name="mailbox">A member whose states are being moved forward.</param>
    /// <param name="latest">The latest change that is known to have happened before the call, by Exchange's clock.</param>
    /// <param name="time">Our clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<bool> IsToldAsync(MailboxWatch mailbox, DateTimeOffset latest, TimeProvider time, CancellationToken cancellationToken)
    {
        var queued = time.GetUtcNow() + _options.SettleAfter;
        var enough = queued + _options.SettleAfter + _times.LongestSilence;
        while (true)
        {
            lock (_gate)
            {
                if (mailbox.NeedsSubscription || mailbox.NeedsCatchUp)
                {
                    return false;
                }

                if (mailbox.Delivery?.ToldUpTo >= queued || mailbox.LatestEvent >= latest + ToldEvents.ClearlyLater)
                {
                    return true;
                }
            }

            if (time.GetUtcNow() > enough)
            {
                return false;
            }

            await mailbox.News.WaitAsync(_options.SettleAfter / 2, time, cancellationToken);
        }
    }

    /// <summary>False while whose mail it is that arrives in a mailbox is not to be asked for (<see cref="OwnMailGuard"/>).</summary>
    internal bool MayAsk(MailboxWatch mailbox, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _askNotBefore <= now && mailbox.AskNotBefore <= now;
        }
    }

    /// <summary>After a failure, of one mailbox or, with null, of all of the group.</summary>
    internal void AskNotBefore(MailboxWatch? mailbox, DateTimeOffset time)
    {
        lock (_gate)
        {
            if (mailbox is null)
            {
                _askNotBefore = time;
            }
            else
            {
                mailbox.AskNotBefore = time;
            }
        }
    }

    /// <summary>Changes a member under the group's lock.</summary>
    internal void Set(MailboxWatch member, Action<MailboxWatch> change)
    {
        lock (_gate)
        {
            change(member);
        }
    }

    /// <summary>These subscriptions are dead, or told events that may not have arrived. One that was replaced meanwhile stays.</summary>
    internal void Distrust(IEnumerable<KeyValuePair<string, MailboxWatch>> subscriptions)
    {
        lock (_gate)
        {
            foreach (var (id, member) in subscriptions)
            {
                if (member.SubscriptionId == id)
                {
                    member.Distrust();
                }
            }
        }

        Changed.Ring();
    }

    /// <summary>These subscriptions live, but have missed events.</summary>
    internal void Missed(IReadOnlyList<MailboxWatch> members)
    {
        if (members.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var member in members)
            {
                member.NeedsCatchUp = true;
                member.News.Ring();
            }
        }

        Changed.Ring();
    }
}
