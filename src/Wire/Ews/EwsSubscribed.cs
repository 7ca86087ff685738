namespace Relay.Wire.Ews;

/// <summary>The answer to Subscribe.</summary>
/// <param name="SubscriptionId">Opaque.</param>
/// <param name="Watermark">Null for streaming, and from servers that have none.</param>
public sealed record EwsSubscribed(string SubscriptionId, string? Watermark);
