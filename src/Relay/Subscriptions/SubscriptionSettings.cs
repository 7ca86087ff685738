using System.Text.Json;
using Relay.Store;

namespace Relay.Subscriptions;

/// <summary>What the store keeps of a subscription as text that only this folder reads.</summary>
internal sealed record SubscriptionSettings
{
    public static SubscriptionSettings Default { get; } = new();

    /// <summary>
    /// Up to where the log was looked at when the subscriber was last told of a gap. A gap mail does not move the chain of watermarks, so
    /// the cursor cannot remember it.
    /// </summary>
    public long GapToldAt { get; init; }

    public static SubscriptionSettings Of(Subscription subscription) =>
        subscription.Settings is { Length: > 0 } text ? JsonSerializer.Deserialize<SubscriptionSettings>(text) ?? Default : Default;

    public string ToText() => JsonSerializer.Serialize(this);
}
