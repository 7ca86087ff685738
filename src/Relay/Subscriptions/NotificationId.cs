namespace Relay.Subscriptions;

/// <summary>Which mail of which subscription.</summary>
internal readonly record struct NotificationId(long Subscription, long Sequence);
