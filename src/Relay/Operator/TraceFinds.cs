using Relay.Store;

namespace Relay.Operator;

/// <summary>What a trace is about: rows by their numbers, each once.</summary>
internal sealed class TraceFinds
{
    public SortedSet<long> Spooled { get; } = [];

    public SortedSet<long> Outgoing { get; } = [];

    public SortedSet<long> Subscriptions { get; } = [];

    public List<LoggedEvent> Events { get; } = [];

    public bool IsEmpty => Spooled.Count == 0 && Outgoing.Count == 0 && Subscriptions.Count == 0 && Events.Count == 0;
}
