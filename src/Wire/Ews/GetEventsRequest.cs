namespace Relay.Wire.Ews;

/// <summary><c>m:GetEvents</c>.</summary>
/// <param name="SubscriptionId">As the SubscribeResponse told it.</param>
/// <param name="Watermark">The last one received.</param>
public sealed record GetEventsRequest(string SubscriptionId, string Watermark) : EwsRequest;
