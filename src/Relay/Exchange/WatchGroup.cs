using Relay.Store;

namespace Relay.Exchange;

/// <summary>
/// The mailboxes that share a connection and a server, and what is known of each. Many tasks change it; whoever does rings the bell, and the
/// one task that runs the group looks.
/// </summary>
internal sealed class WatchGroup(string anchor, ExchangeOptions options)
{
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

    /// <summary>A stream told events of this mailbox.</summary>
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

        var quiet = last + options.SettleAfter;
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
