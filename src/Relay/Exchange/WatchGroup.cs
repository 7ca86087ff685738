using Relay.Store;

namespace Relay.Exchange;

/// <summary>
/// The mailboxes that share a connection and a server, and what is known of each. Many tasks change it; whoever does rings the bell, and the
/// one task that runs the group looks.
/// </summary>
/// <param name="anchor">The mailbox that routes the group's requests.</param>
/// <param name="options">How many mailboxes it takes, and how often their states are moved forward.</param>
/// <param name="settleAfter">How long a mailbox must have told nothing before all that happened is known to have been told.</param>
internal sealed class WatchGroup(string anchor, ExchangeOptions options, TimeSpan settleAfter)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, MailboxWatch> _members = [];

    internal Affinity Affinity { get; } = new(anchor);

    internal Bell Changed { get; } = new();

    /// <summary>False when the group is full or has it already.</summary>
    internal bool TryAdd(MailboxWatch mailbox)
    {
        lock (_gate)
        {
            if (_members.Count >= options.MailboxesPerConnection || !_members.TryAdd(mailbox.MailboxId, mailbox))
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

    /// <summary>Takes those whose needs are due, for the caller to see to and to <see cref="Settle"/>.</summary>
    internal IReadOnlyList<MailboxWatch> TakeDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var member in _members.Values.Where(member => SettlesAt(member) <= now))
            {
                member.LastSettled = now;
                member.LastEvent = null;
                member.IsSettled = true;
                member.NeedsCatchUp = true;
            }

            List<MailboxWatch> due = [.. _members.Values.Where(member => member.HasNeed && !member.IsPreparing && member.NotBefore <= now)];
            due.ForEach(member => member.IsPreparing = true);
            return due;
        }
    }

    /// <summary>When the next mailbox has something to be done; null when none has.</summary>
    internal DateTimeOffset? NextDue()
    {
        lock (_gate)
        {
            return _members.Values.Where(member => !member.IsPreparing)
                .Min(member => member.HasNeed ? member.NotBefore : SettlesAt(member));
        }
    }

    /// <summary>How long nothing is due, neither here nor at a time that the caller knows; an hour at most.</summary>
    internal TimeSpan UntilNext(DateTimeOffset now, DateTimeOffset? other)
    {
        var next = NextDue() ?? DateTimeOffset.MaxValue;
        next = other > now && other < next ? other.Value : next;
        var wait = next - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait;
    }

    /// <summary>Takes those that are to be asked for their events, for the caller to ask and to tell <see cref="Polled"/>.</summary>
    internal IReadOnlyList<MailboxWatch> TakePollable(DateTimeOffset now)
    {
        lock (_gate)
        {
            List<MailboxWatch> due = [.. _members.Values.Where(member => member is { IsReady: true, IsPolling: false } && member.NextPoll <= now)];
            due.ForEach(member => member.IsPolling = true);
            return due;
        }
    }

    internal DateTimeOffset? NextPoll()
    {
        lock (_gate)
        {
            return _members.Values.Where(member => member is { IsReady: true, IsPolling: false }).Min(member => (DateTimeOffset?)member.NextPoll);
        }
    }

    internal void Polled(MailboxWatch mailbox, TimeSpan interval, DateTimeOffset now)
    {
        Set(mailbox, member =>
        {
            member.IsPolling = false;
            member.PollInterval = interval;
            member.NextPoll = now + interval;
        });
        Changed.Ring();
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

    internal void DistrustAll() => Distrust(Ready());

    /// <summary>Events of this mailbox were told as they happened.</summary>
    internal void Told(MailboxWatch mailbox, DateTimeOffset now)
    {
        bool isFirst;
        lock (_gate)
        {
            isFirst = mailbox.LastEvent is null;
            mailbox.LastEvent = now;
        }

        if (isFirst)
        {
            Changed.Ring();
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

    /// <summary>Ends what <see cref="TakeDue"/> began.</summary>
    internal void Settle(MailboxWatch member, DateTimeOffset notBefore)
    {
        Set(member, settled =>
        {
            settled.IsPreparing = false;
            settled.NotBefore = notBefore;
        });
        Changed.Ring();
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

    /// <summary>When the sync states are to be moved forward: the stream must have been quiet for a while, and it is not done too often.</summary>
    private DateTimeOffset? SettlesAt(MailboxWatch member)
    {
        if (member is not { IsReady: true, HasNeed: false, IsPreparing: false, LastEvent: { } last })
        {
            return null;
        }

        var quiet = last + settleAfter;
        var next = member.LastSettled + options.SettleEvery;
        return quiet > next ? quiet : next;
    }

    /// <summary>These subscriptions live, but have missed events.</summary>
    internal void Missed(IEnumerable<MailboxWatch> members)
    {
        lock (_gate)
        {
            foreach (var member in members)
            {
                member.NeedsCatchUp = true;
                member.IsSettled = false;
            }
        }

        Changed.Ring();
    }
}
