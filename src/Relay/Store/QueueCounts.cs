namespace Relay.Store;

/// <summary>How many rows of a queue are open. Settled rows are not counted, since that would cost as much as there are.</summary>
/// <param name="Failed">Set aside or given up, and not yet dropped by the operator.</param>
/// <param name="OldestAt">When the oldest waiting or claimed row was left; null when there is none.</param>
internal sealed record QueueCounts(int Waiting, int Claimed, int Failed, DateTimeOffset? OldestAt);
