namespace Relay.Store;

/// <summary>Something that the operator did by hand.</summary>
/// <param name="Id">Rises; 0 before it is stored.</param>
/// <param name="Action">What was done, for people: "dropped".</param>
internal sealed record OperatorAction(long Id, DateTimeOffset DoneAt, long? SpoolId, long? OutboxId, long? SubscriptionId, string Action);
