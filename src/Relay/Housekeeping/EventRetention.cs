using Microsoft.Extensions.Logging;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Housekeeping;

/// <summary>
/// Lets go of events that are too old or too many, a step at a time: 1 marks where the log now begins; 2 notes, in each subscription that is behind and
/// asked for some of them, that it has a gap there; 3 removes the rows. A crash between two steps is made up for by the next round: the rows are
/// there until everybody concerned has his note.
/// </summary>
internal sealed class EventRetention(IStore store, RetentionOptions options, ILogger<EventRetention> logger)
{
    private const int Step = 5000;
    private const int AtOnce = 500;
    private const int NotedAtOnce = 100; // some ten milliseconds of the writer

    /// <summary>Whether there are more events than are to be kept.</summary>
    public bool IsOver => store.Read(t => t.Events.End().Value - t.Events.OldestRetained().Value) > options.MostEvents;

    /// <summary>Returns how many events were removed.</summary>
    public async Task<int> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        int removed = await FinishAsync(cancellationToken); // what a crash left
        while (await store.CommitAsync(t => t.Events.Retire(now - options.EventsKept, options.MostEvents, Step), cancellationToken)) // 1
        {
            removed += await FinishAsync(cancellationToken);
        }

        return removed;
    }

    private async Task<int> FinishAsync(CancellationToken cancellationToken)
    {
        // Another relay may let go of more meanwhile: that is its own to note, and its rows stay until it has.
        if (store.Read(t => t.Events.HasRetired() ? t.Events.OldestRetained() : (LogPosition?)null) is not { } upTo)
        {
            return 0;
        }

        var retired = new RetiredEvents(upTo);
        for (long? after = 0; after is { } id;) // 2
        {
            var (concerned, last) = await store.CommitAsync(t => Note(t, retired, id), cancellationToken);
            foreach (var subscription in concerned)
            {
                HousekeepingLog.Dropped(logger, subscription.PublicId);
                store.Bells.Subscriptions.Ring(subscription.Id);
            }

            after = last;
        }

        return await Repeated.Async(store, t => t.Events.Remove(upTo, AtOnce), AtOnce, cancellationToken); // 3
    }

    private static (List<Subscription> Concerned, long? Last) Note(IStoreTransaction transaction, RetiredEvents retired, long after)
    {
        var behind = transaction.Subscriptions.Behind(retired.UpTo, after, NotedAtOnce);
        var concerned = new List<Subscription>();
        foreach (var subscription in behind.Where(SubscriptionSettings.IsReadable))
        {
            var settings = SubscriptionSettings.Of(subscription);
            if (DroppedEvents.Find(retired.Of(transaction.Events, subscription.MailboxId), subscription, settings, retired.UpTo) is { } dropped)
            {
                (settings with { Dropped = dropped }).Save(transaction, subscription);
                concerned.Add(subscription);
            }
        }

        return (concerned, behind.Count < NotedAtOnce ? null : behind[^1].Id);
    }
}
