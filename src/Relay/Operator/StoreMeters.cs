using System.Diagnostics.Metrics;
using Relay.Exchange;
using Relay.Store;

namespace Relay.Operator;

/// <summary>What can be read off the rows and the workers when somebody asks: queues, subscriptions, the log, the peers.</summary>
internal sealed class StoreMeters
{
    private readonly IStore _store;
    private readonly StatusReader _status;
    private readonly TimeProvider _time;

    public StoreMeters(IMeterFactory factory, IStore store, StatusReader status, ExchangeOptions exchange, TimeProvider time)
    {
        (_store, _status, _time) = (store, status, time);
        var meter = factory.Create("Relay.Store");
        Queue(meter, "relay.spool", "received mails", "set_aside", status => status.Spool);
        Queue(meter, "relay.outbox", "outgoing mails", "given_up", status => status.Outbox);
        meter.CreateObservableGauge("relay.subscriptions", Subscriptions, description: "Subscriptions that have not ended, by state");
        Counter(meter, "relay.store.commits", TallyItem.Commits, "Transactions committed, each with one fsync at most");
        Counter(meter, "relay.store.commit.members", TallyItem.CommitMembers, "Callers that shared those transactions; by commits it is the mean size of a group");
        Counter(meter, "relay.mails.handled", TallyItem.Handled, "Received mails settled");
        Counter(meter, "relay.events.appended", TallyItem.Events, "Events appended to the log");
        Counter(meter, "relay.events.caught_up", TallyItem.EventsCaughtUp, "Those of them that catching up found");
        Counter(meter, "relay.events.gaps", TallyItem.Gaps, "Stretches of time in which events may be missing");
        meter.CreateObservableCounter("relay.deliveries", Deliveries, description: "What became of outgoing mails at each try, by outcome; put_back is a mail that nobody tried to send");
        meter.CreateObservableGauge("relay.smarthost.up", Smarthosts, description: "1 while a smarthost can be used, 0 while it is away");
        var mode = new KeyValuePair<string, object?>("mode", $"{exchange.Mode}".ToLowerInvariant());
        meter.CreateObservableGauge("relay.exchange.watched", () => new Measurement<long>(_status.Watching().Watched, mode), description: "Mailboxes that are watched");
        meter.CreateObservableGauge("relay.exchange.live", () => new Measurement<long>(_status.Watching().Live, mode), description: "Those of them whose events come as they happen");
    }

    private void Queue(Meter meter, string name, string what, string failed, Func<Status, QueueCounts> counts)
    {
        meter.CreateObservableGauge($"{name}.mails", () => Read(status => Count(counts(status), failed)), description: $"Open {what}, by state");
        meter.CreateObservableGauge($"{name}.oldest", () => Read(status => Age(counts(status))), "s", $"Age of the oldest of the {what} that wait; 0 when none does");
    }

    private void Counter(Meter meter, string name, TallyItem item, string description) =>
        meter.CreateObservableCounter(name, () => _store.Tally[item], description: description);

    private IEnumerable<Measurement<long>> Subscriptions() => Read(status =>
        Enum.GetValues<SubscriptionState>().Where(state => state != SubscriptionState.Ended).Select(state =>
            Tagged(status.Subscriptions.GetValueOrDefault(state), "state", $"{state}".ToLowerInvariant())));

    private IEnumerable<Measurement<long>> Deliveries() =>
    [
        Tagged(_store.Tally[TallyItem.Delivered], "outcome", "delivered"),
        Tagged(_store.Tally[TallyItem.Deferred], "outcome", "deferred"),
        Tagged(_store.Tally[TallyItem.GivenUp], "outcome", "given_up"),
        Tagged(_store.Tally[TallyItem.PutBack], "outcome", "put_back"),
    ];

    private IEnumerable<Measurement<long>> Smarthosts() =>
        _status.Smarthosts().Select(smarthost => Tagged(smarthost.Failure is null ? 1 : 0, "smarthost", smarthost.Name));

    // A store that cannot be read has nothing to tell; /health/ready says so.
    private IEnumerable<Measurement<T>> Read<T>(Func<Status, IEnumerable<Measurement<T>>> take)
        where T : struct
    {
        try
        {
            return take(_status.Read());
        }
        catch (StoreUnavailableException)
        {
            return [];
        }
    }

    private static IEnumerable<Measurement<long>> Count(QueueCounts counts, string failed) =>
        [Tagged(counts.Waiting, "state", "waiting"), Tagged(counts.Claimed, "state", "in_hand"), Tagged(counts.Failed, "state", failed)];

    private IEnumerable<Measurement<double>> Age(QueueCounts counts) =>
        [new Measurement<double>(counts.OldestAt is { } oldest ? Math.Max(0, (_time.GetUtcNow() - oldest).TotalSeconds) : 0)];

    private static Measurement<long> Tagged(long value, string key, string tag) => new(value, new KeyValuePair<string, object?>(key, tag));
}
