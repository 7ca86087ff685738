using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>What the store keeps of a subscription as text that only this folder reads.</summary>
internal sealed record SubscriptionSettings
{
    private static readonly JsonSerializerOptions Format = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    public static SubscriptionSettings Default { get; } = new();

    /// <summary>
    /// Up to where the log was looked at when the subscriber was last told of a gap. A gap mail does not move the chain of watermarks, so
    /// the cursor cannot remember it.
    /// </summary>
    public long GapToldAt { get; init; }

    /// <summary>Events that it was not told of before they were let go of; told as a gap before anything else is.</summary>
    public DroppedEvents? Dropped { get; init; }

    /// <summary>How long a push subscription lives without being renewed; null for ever.</summary>
    public TimeSpan? Lease { get; init; }

    public DateTimeOffset? LeaseEndsAt { get; init; }

    /// <summary>Whether the owner was reminded of this end of the lease.</summary>
    public bool Reminded { get; init; }

    /// <summary>Each notification must be acknowledged, and is repeated until it is.</summary>
    public bool DemandsAcknowledgement { get; init; }

    /// <summary>The notification whose acknowledgement is missing; no other is mailed before.</summary>
    public AwaitedAcknowledgement? Awaited { get; init; }

    /// <summary>How a push subscriber wants to be told; null as Exchange does.</summary>
    public DeliveryWishes? Delivery { get; init; }

    /// <summary>False where somebody, or a disk, has changed the text: such a subscription is set aside.</summary>
    public static bool IsReadable(Subscription subscription) => TryOf(subscription) is not null;

    /// <summary>Null where the text cannot be read.</summary>
    public static SubscriptionSettings? TryOf(Subscription subscription)
    {
        try
        {
            return Of(subscription);
        }
        catch (JsonException)
        {
            return null; // logged and shown by those who ask
        }
    }

    /// <exception cref="JsonException">The text is none that <see cref="ToText"/> made.</exception>
    public static SubscriptionSettings Of(Subscription subscription) =>
        subscription.Settings is { Length: > 0 } text ? JsonSerializer.Deserialize<SubscriptionSettings>(text, Format) ?? Default : Default;

    /// <summary>Null where nothing differs from the default, which most subscriptions have.</summary>
    public string? ToText() => this == Default ? null : JsonSerializer.Serialize(this, Format);

    /// <summary>Stores these, and when the subscription is to be looked at next because of them.</summary>
    public void Save(IStoreTransaction transaction, Subscription subscription)
    {
        transaction.Subscriptions.SaveSettings(subscription.Id, ToText());
        transaction.Subscriptions.Wake(subscription.Id, NextLook(TimeSpan.FromMinutes(subscription.PeriodMinutes)));
    }

    /// <summary>When something is due by the clock; null when nothing is.</summary>
    /// <param name="statusFrequency">The subscription's, which bounds the repeats.</param>
    public DateTimeOffset? NextLook(TimeSpan statusFrequency)
    {
        var lease = Reminded ? LeaseEndsAt : SubscriptionLease.ReminderAt(this);
        var repeat = Awaited?.NextAt(statusFrequency);
        return lease is null || repeat < lease ? repeat ?? lease : lease;
    }
}
