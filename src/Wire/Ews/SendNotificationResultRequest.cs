namespace Relay.Wire.Ews;

/// <summary><c>m:SendNotificationResult</c>, the answer to a push notification.</summary>
/// <param name="Status">Whether to go on.</param>
public sealed record SendNotificationResultRequest(SubscriptionStatus Status) : EwsRequest;
