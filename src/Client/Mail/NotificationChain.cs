using Relay.Wire.Ews;

namespace Relay.Client.Mail;

/// <summary>
/// Follows the watermarks of each subscription, as Microsoft's documentation asks of a push listener: a PreviousWatermark that is not
/// the last watermark seen means that a notification was lost. Thread-safe.
/// </summary>
internal sealed class NotificationChain
{
    private readonly Dictionary<string, string> _lastSeen = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>
    /// Starts a subscription's chain at the watermark of its SubscribeResponse or at a stored one. A chain that is known stays as it is:
    /// the first notification may overtake the SubscribeResponse.
    /// </summary>
    public void Begin(string subscriptionId, string watermark)
    {
        lock (_gate)
        {
            _lastSeen.TryAdd(subscriptionId, watermark);
        }
    }

    /// <returns>The watermark up to which everything of the subscription was seen; null where none was seen.</returns>
    public string? LastSeen(string subscriptionId)
    {
        lock (_gate)
        {
            return _lastSeen.GetValueOrDefault(subscriptionId);
        }
    }

    /// <summary>Judges a notification and moves the chain to its last watermark, after a break as well: a break is told once.</summary>
    public ChainLink Follow(EwsNotification notification)
    {
        if (notification.LastWatermark() is not { } last)
        {
            return new ChainLink.Unmoved();
        }
        lock (_gate)
        {
            string? seen = _lastSeen.GetValueOrDefault(notification.SubscriptionId);
            _lastSeen[notification.SubscriptionId] = last;
            return seen is null ? new ChainLink.First()
                : seen == notification.PreviousWatermark ? new ChainLink.Joined()
                : new ChainLink.Broken(
                    seen,
                    notification.PreviousWatermark,
                    notification.Events.FirstOrDefault(one => one.Type != MailboxEventType.Status)?.Watermark);
        }
    }
}
