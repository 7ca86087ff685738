using Relay.Store;

namespace Relay.Subscriptions;

/// <summary>The next events of a mailbox's log that a subscription asked for.</summary>
/// <param name="Events">In log order; at most <see cref="MostEvents"/>.</param>
/// <param name="ReadTo">Nothing that the subscription asked for lies between the last of <paramref name="Events"/> and here.</param>
/// <param name="More">Whether the log goes on behind <paramref name="ReadTo"/>.</param>
internal sealed record EventPage(IReadOnlyList<LoggedEvent> Events, LogPosition ReadTo, bool More)
{
    /// <summary>As many as Exchange puts into one notification.</summary>
    public const int MostEvents = 50;

    private const int ReadAtOnce = 256;

    /// <summary>Bounds the work of one request where a subscription asks for little in a busy mailbox.</summary>
    private const int MostRead = 20_000;

    public static EventPage Read(IEventLog log, Subscription subscription, LogPosition after, int mostEvents)
    {
        var end = log.End();
        var found = new List<LoggedEvent>();
        var position = after;
        for (int read = 0; read < MostRead;)
        {
            var batch = log.After(subscription.MailboxId, position, ReadAtOnce);
            foreach (var logged in batch)
            {
                if (EventFilter.Matches(subscription, logged.Event))
                {
                    if (found.Count == mostEvents)
                    {
                        return new EventPage(found, found[^1].Position, More: true);
                    }

                    found.Add(logged);
                }

                position = logged.Position;
            }

            read += batch.Count;
            if (batch.Count < ReadAtOnce)
            {
                return new EventPage(found, end, More: false);
            }
        }

        return new EventPage(found, position, More: true);
    }
}
