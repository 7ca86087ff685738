using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>Reads one <see cref="EventPage"/> from the log. For one use.</summary>
/// <param name="log">Where the events are.</param>
/// <param name="subscription">Whose filter is applied.</param>
/// <param name="stopsAtGaps">Whether a gap ends the page; else it is named and read over.</param>
/// <param name="most">How many events the page may hold.</param>
internal sealed class EventPageReader(IEventLog log, Subscription subscription, bool stopsAtGaps, int most)
{
    private const int ReadAtOnce = 256;

    /// <summary>Bounds the work of one request where a subscription asks for little in a busy mailbox.</summary>
    private const int MostRead = 20_000;

    private readonly List<LoggedEvent> _found = [];
    private readonly List<EventGap> _gaps = [];

    public EventPage Read(LogPosition after)
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
