using System.Collections.Concurrent;

namespace Relay.EndToEnd.Crash;

/// <summary>What the gateway was asked and what happened in the mailboxes: what must come of it is judged by this.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, int> _accepted = new();
    private readonly ConcurrentDictionary<string, List<string>> _created = new();
    private int _unknown;
    private int _refused;

    /// <summary>Ids of requests for which a 250 was read, with how often.</summary>
    internal IReadOnlyDictionary<string, int> Accepted => _accepted;

    /// <summary>Requests whose connection was lost before a reply.</summary>
    internal int Unknown => _unknown;

    internal int Refused => _refused;

    internal int CreatedItems => _created.Values.Sum(items => items.Count);

    internal void Accept(string id) => _accepted.AddOrUpdate(id, 1, (_, times) => times + 1);

    internal void LoseSight() => Interlocked.Increment(ref _unknown);

    internal void Refuse() => Interlocked.Increment(ref _refused);

    /// <summary>One writer a mailbox: the order is the order of the events.</summary>
    internal void Create(string mailbox, string itemId)
    {
        List<string> items = _created.GetOrAdd(mailbox, _ => []);
        lock (items)
        {
            items.Add(itemId);
        }
    }

    internal IReadOnlyList<string> CreatedIn(string mailbox)
    {
        List<string> items = _created.GetOrAdd(mailbox, _ => []);
        lock (items)
        {
            return [.. items];
        }
    }
}
