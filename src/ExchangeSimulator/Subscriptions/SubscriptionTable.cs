using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Subscriptions;

/// <summary>All subscriptions. They live in memory, as Exchange's do: a restart forgets them. Touched only under the gate of the database.</summary>
internal sealed class SubscriptionTable(SimulatedDatabase database, ExchangeSimulatorOptions options)
{
    private readonly Dictionary<string, SimulatedSubscription> _subscriptions = [];

    public IReadOnlyCollection<SimulatedSubscription> All => _subscriptions.Values;

    /// <summary>Adds a subscription that begins after an event.</summary>
    /// <param name="request">A valid one.</param>
    /// <param name="owner">The account.</param>
    /// <param name="serverVersion">What the request's header said.</param>
    /// <param name="mailbox">The one mailbox of all its folders.</param>
    /// <param name="folders">Ids; empty for all folders.</param>
    /// <param name="cursor">The event after which it begins.</param>
    /// <returns>Null when the mailbox has as many as it may.</returns>
    public SimulatedSubscription? Add(
        SubscribeRequest request, string owner, string serverVersion, SimulatedMailbox mailbox, IEnumerable<string> folders, long cursor)
    {
        RemoveExpired();
        if (options.Limits.Subscriptions is { } most && _subscriptions.Values.Count(other => other.Mailbox == mailbox) >= most)
        {
            return null;
        }

        var id = SubscriptionIds.Create("simulator.corp.example", database.NewGuid(), database.Now, mailbox.Id);
        var subscription = new SimulatedSubscription(id, request, owner, serverVersion, mailbox, folders, cursor);
        subscription.Use(database.Now);
        _subscriptions.Add(id, subscription);
        return subscription;
    }

    /// <summary>The subscription of an id, for its owner only.</summary>
    /// <param name="id">As a request names it.</param>
    /// <param name="account">The caller.</param>
    /// <param name="error">Why there is none for this caller.</param>
    public SimulatedSubscription? Find(string id, string account, out EwsError? error)
    {
        RemoveExpired();
        error = null;
        if (string.IsNullOrWhiteSpace(id))
        {
            error = EwsErrors.InvalidIdEmpty;
        }
        else if (!_subscriptions.TryGetValue(id.Trim(), out var subscription))
        {
            error = EwsErrors.SubscriptionNotFound;
        }
        else if (!string.Equals(subscription.Owner, account, StringComparison.OrdinalIgnoreCase))
        {
            error = EwsErrors.SubscriptionAccessDenied;
        }
        else
        {
            return subscription;
        }

        return null;
    }

    public bool Holds(SimulatedSubscription subscription) => _subscriptions.ContainsKey(subscription.Id);

    /// <summary>Ends a subscription; the stream that serves it is told why.</summary>
    public void Remove(SimulatedSubscription subscription, EwsError reason)
    {
        _subscriptions.Remove(subscription.Id);
        subscription.Stream?.End(reason, subscription.Id);
    }

    /// <summary>Forgets everything; the streams are told.</summary>
    public void Clear()
    {
        foreach (var subscription in _subscriptions.Values.ToArray())
        {
            Remove(subscription, EwsErrors.SubscriptionNotFound);
        }
    }

    /// <summary>Drops every stream without a word.</summary>
    public void DropStreams()
    {
        foreach (var subscription in _subscriptions.Values)
        {
            subscription.Stream?.Drop();
        }
    }

    /// <summary>Wakes every stream, to look for faults that have been ordered.</summary>
    public void RingStreams()
    {
        foreach (var subscription in _subscriptions.Values)
        {
            subscription.Stream?.Ring();
        }
    }

    /// <summary>A pull subscription ends when nobody has asked for Timeout minutes.</summary>
    private void RemoveExpired()
    {
        foreach (var subscription in _subscriptions.Values.Where(IsExpired).ToArray())
        {
            _subscriptions.Remove(subscription.Id);
        }
    }

    private bool IsExpired(SimulatedSubscription subscription) =>
        subscription.Request.Kind == SubscriptionKind.Pull
        && database.Now - subscription.LastUsed >= options.Minute * (subscription.Request.TimeoutMinutes ?? 1);
}
