namespace Relay.Wire.Ews;

/// <summary><c>m:Unsubscribe</c>.</summary>
/// <param name="SubscriptionId">Of a pull or streaming subscription, as far as Exchange goes.</param>
public sealed record UnsubscribeRequest(string SubscriptionId) : EwsRequest;
