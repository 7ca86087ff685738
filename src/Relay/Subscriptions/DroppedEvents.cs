using Relay.Store;

namespace Relay.Subscriptions;

/// <summary>Events that the log had to let go of before a subscription was told of them: too old, or too many (RetentionOptions).</summary>
/// <param name="To">The last place in the log that may have held one.</param>
/// <param name="From">When the first of them happened; null when that is not known.</param>
/// <param name="Until">When the last of them happened.</param>
internal sealed record DroppedEvents(long To, DateTimeOffset? From, DateTimeOffset Until)
{
    private const string Reason = "events were let go of before they could be told";

    /// <summary>What a subscription has not been told of, of what the log is about to let go of; null when it asked for none of it.</summary>
    /// <param name="retired">Of its mailbox, in order.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="settings">The subscription's.</param>
    /// <param name="upTo">Where the log will begin.</param>
    public static DroppedEvents? Find(IReadOnlyList<LoggedEvent> retired, Subscription subscription, SubscriptionSettings settings, LogPosition upTo)
    {
        long told = Math.Max(Math.Max(subscription.Cursor.Value, settings.GapToldAt), settings.Dropped?.To ?? 0);
        var untold = retired.SkipWhile(logged => logged.Position.Value <= told);
        if (untold.FirstOrDefault(logged => Concerns(subscription, logged)) is not { } first)
        {
            return null;
        }

        var last = retired.Last(logged => Concerns(subscription, logged)); // from the end; the first at the latest
        var from = settings.Dropped is { } before && before.To > settings.GapToldAt ? before.From : first.Gap?.From ?? first.Event.TimeStamp;
        return new DroppedEvents(upTo.Value, from, last.Event.TimeStamp);
    }

    /// <summary>The page that tells of it.</summary>
    public EventPage Page(LogPosition readTo) =>
        new([], new LogPosition(Math.Max(To, readTo.Value)), More: true) { Gaps = [new EventGap(From, Until, null, Reason)] };

    private static bool Concerns(Subscription subscription, LoggedEvent logged) =>
        logged.Gap is { } gap ? EventFilter.Concerns(subscription, gap) : EventFilter.Matches(subscription, logged);
}
