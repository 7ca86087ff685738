namespace Relay.Wire.Ews;

/// <summary>What one <c>Notification</c> element holds.</summary>
/// <param name="SubscriptionId">Opaque, base64 as a rule.</param>
/// <param name="PreviousWatermark">The last watermark told before this one; null in streams and from servers that have none.</param>
/// <param name="MoreEvents">Whether to ask again at once; null in streams.</param>
/// <param name="Events">In the order of the wire; Exchange tells 50 at most.</param>
public sealed record EwsNotification(
    string SubscriptionId, string? PreviousWatermark, bool? MoreEvents, IReadOnlyList<MailboxEvent> Events);
