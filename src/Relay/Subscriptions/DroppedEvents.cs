using Relay.Store;

namespace Relay.Subscriptions;

/// <summary>Events that the log had to let go of before a subscription was told of them: too old, or too many (RetentionOptions).</summary>
/// <param name="To">The last place in the log that may have held one.</param>
/// <param name="From">When the first of them happened; null when that is not known.</param>
/// <param name="Until">When the last of them happened.</param>
internal sealed record DroppedEvents(long To, DateTimeOffset? From, DateTimeOffset Until)
{
    private const string Reason = "events were let go of before they could be told";
    private const int ReadAtOnce = 256;

    /// <summary>What a subscription has not been told of, of what the log is about to let go of; null when it asked for none of it.</summary>
    public static DroppedEvents? Find(IEventLog log, Subscription subscription, SubscriptionSettings settings, LogPosition upTo)
    {
        long told = Math.Max(Math.Max(subscription.Cursor.Value, settings.GapToldAt), settings.Dropped?.To ?? 0);
        DroppedEvents? found = null;
        for (var position = new LogPosition(told); position.Value < upTo.Value;)
        {
            var batch = log.After(subscription.MailboxId, position, ReadAtOnce);
            foreach (var logged in batch.TakeWhile(logged => logged.Position.Value <= upTo.Value).Where(logged => Concerns(subscription, logged)))
            {
                found = new DroppedEvents(upTo.Value, found is null ? logged.Gap?.From ?? logged.Event.TimeStamp : found.From, logged.Event.TimeStamp);
            }

            position = batch.Count < ReadAtOnce ? upTo : batch[^1].Position;
        }

        return found is null ? null : settings.Dropped is { } before && before.To > settings.GapToldAt ? found with { From = before.From } : found;
    }

    /// <summary>The page that tells of it.</summary>
    public EventPage Page(LogPosition readTo) =>
        new([], new LogPosition(Math.Max(To, readTo.Value)), More: true) { Gaps = [new EventGap(From, Until, null, Reason)] };

    private static bool Concerns(Subscription subscription, LoggedEvent logged) =>
        logged.Gap is { } gap ? EventFilter.Concerns(subscription, gap) : EventFilter.Matches(subscription, logged);
}
