using Relay.ExchangeSimulator.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>What one GetStreamingEvents request got.</summary>
/// <param name="Subscriptions">Served by this stream; empty with an error.</param>
/// <param name="Inbox">What reaches the stream from elsewhere.</param>
/// <param name="Error">Why the request fails.</param>
/// <param name="BadIds">The ids that are to blame.</param>
internal sealed record StreamClaim(
    IReadOnlyList<SimulatedSubscription> Subscriptions, StreamInbox Inbox, EwsError? Error, IReadOnlyList<string> BadIds);
