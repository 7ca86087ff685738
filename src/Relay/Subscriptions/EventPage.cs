using Relay.Store;

namespace Relay.Subscriptions;

/// <summary>The next events of a mailbox's log that a subscription asked for.</summary>
/// <param name="Events">In log order; at most <see cref="MostEvents"/> unless the subscription wishes otherwise.</param>
/// <param name="ReadTo">Nothing that the subscription asked for lies between the last of <paramref name="Events"/> and here.</param>
/// <param name="More">Whether the log goes on behind <paramref name="ReadTo"/>.</param>
internal sealed record EventPage(IReadOnlyList<LoggedEvent> Events, LogPosition ReadTo, bool More)
{
    /// <summary>As many as Exchange puts into one notification.</summary>
    public const int MostEvents = 50;

    /// <summary>Gaps among the events that concern the subscription.</summary>
    public IReadOnlyList<EventGap> Gaps { get; init; } = [];

    /// <summary>What happened, where <see cref="Events"/> are its net effect.</summary>
    public IReadOnlyList<LoggedEvent>? Source { get; init; }

    /// <summary>Where a cursor stands that has told this page.</summary>
    public LogPosition Last => Events.Count > 0 ? Events[^1].Position : ReadTo;

    /// <summary>The page that ends before its events go on behind so many: at least one, and fewer than there are.</summary>
    public EventPage First(int count)
    {
        var last = Events[count - 1].Position;
        return Source is null
            ? this with { Events = [.. Events.Take(count)], ReadTo = last, More = true }
            : NetEvents.Of(this with { Events = [.. Source.TakeWhile(logged => logged.Position.Value <= last.Value)], ReadTo = last, More = true });
    }

    /// <summary>Reads over gaps and names them.</summary>
    public static EventPage Read(IEventLog log, Subscription subscription, LogPosition after) => new EventPageReader(log, subscription, stopsAtGaps: false, MostEvents).Read(after);

    /// <summary>Reads up to the first gap; a gap that comes first is a page of its own, without events.</summary>
    public static EventPage ReadToGap(IEventLog log, Subscription subscription, LogPosition after, int most = MostEvents) =>
        new EventPageReader(log, subscription, stopsAtGaps: true, most).Read(after);
}
