namespace Relay.Store;

/// <summary>A GetStreamingEvents whose answers are still coming.</summary>
/// <param name="EndsAt">When it is closed; long past when it is to be closed at once.</param>
/// <param name="Frame">What its answers have in common, as text that only Subscriptions reads.</param>
/// <param name="EndSubscription">The subscription that <paramref name="EndReason"/> is about; null while only time ends it.</param>
/// <param name="Subscriptions">Whose events it tells.</param>
internal sealed record OpenStream(
    long Id, DateTimeOffset EndsAt, string Frame, StreamEndReason EndReason, long? EndSubscription, IReadOnlyList<long> Subscriptions);
