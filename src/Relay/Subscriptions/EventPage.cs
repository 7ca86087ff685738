using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>The next events of a mailbox's log that a subscription asked for.</summary>
/// <param name="Events">In log order; at most <see cref="MostEvents"/> unless the subscription wishes otherwise.</param>
/// <param name="ReadTo">Nothing that the subscription asked for lies between the last of <paramref name="Events"/> and here.</param>
/// <param name="More">Whether the log goes on behind <paramref name="ReadTo"/>.</param>
internal sealed record EventPage(IReadOnlyList<LoggedEvent> Events, LogPosition ReadTo, bool More)
{
    /// <summary>As many as Exchange puts into one notification.</summary>
    public const int MostEvents = 50;

    private const int ReadAtOnce = 256;

    /// <summary>Bounds the work of one request where a subscription asks for little in a busy mailbox.</summary>
    private const int MostRead = 20_000;

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
    public static EventPage Read(IEventLog log, Subscription subscription, LogPosition after) => new Reading(log, subscription, false, MostEvents).Run(after);

    /// <summary>Reads up to the first gap; a gap that comes first is a page of its own, without events.</summary>
    public static EventPage ReadToGap(IEventLog log, Subscription subscription, LogPosition after, int most = MostEvents) =>
        new Reading(log, subscription, true, most).Run(after);

    private sealed class Reading(IEventLog log, Subscription subscription, bool stopsAtGaps, int most)
    {
        private readonly List<LoggedEvent> _found = [];
        private readonly List<EventGap> _gaps = [];

        public EventPage Run(LogPosition after)
        {
            var end = log.End();
            var position = after;
            for (int read = 0; read < MostRead;)
            {
                var batch = log.After(subscription.MailboxId, position, ReadAtOnce);
                foreach (var logged in batch)
                {
                    if (IsFull(logged))
                    {
                        return Page(_found.Count > 0 ? _found[^1].Position : position, more: true);
                    }

                    position = logged.Position;
                    if (stopsAtGaps && _gaps.Count > 0)
                    {
                        return Page(position, more: true);
                    }
                }

                read += batch.Count;
                if (batch.Count < ReadAtOnce)
                {
                    return Page(end, more: false);
                }
            }

            return Page(position, more: true);
        }

        // Takes the event unless it belongs to the next page.
        private bool IsFull(LoggedEvent logged)
        {
            if (logged.Gap is { } gap)
            {
                if (!EventFilter.Concerns(subscription, gap))
                {
                    return false;
                }

                if (stopsAtGaps && _found.Count > 0)
                {
                    return true;
                }

                _gaps.Add(gap);
                return false;
            }

            if (!EventFilter.Matches(subscription, logged) || IsToldElsewhere(logged))
            {
                return false;
            }

            if (_found.Count == most)
            {
                return true;
            }

            _found.Add(logged);
            return false;
        }

        // Catching up tells of an item in its own folder what a search folder may have told before: news for those who watch that folder alone.
        private bool IsToldElsewhere(LoggedEvent logged) =>
            subscription.AllFolders
            && logged is { CaughtUp: true, Event: { Type: MailboxEventType.Created, IsFolder: false, Object.Id: var item } }
            && log.HasCreated(subscription.MailboxId, item, logged.Position);

        private EventPage Page(LogPosition readTo, bool more) => new(_found, readTo, more) { Gaps = _gaps };
    }
}
