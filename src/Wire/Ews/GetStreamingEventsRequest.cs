namespace Relay.Wire.Ews;

/// <summary><c>m:GetStreamingEvents</c>.</summary>
/// <param name="SubscriptionIds">At least one; Exchange advises 200 at most.</param>
/// <param name="ConnectionTimeoutMinutes">1..30.</param>
public sealed record GetStreamingEventsRequest(IReadOnlyList<string> SubscriptionIds, int ConnectionTimeoutMinutes) : EwsRequest;
