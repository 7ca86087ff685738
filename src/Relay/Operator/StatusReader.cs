using Relay.Exchange;
using Relay.Outbound;
using Relay.Store;

namespace Relay.Operator;

/// <summary>Asks the store and the workers how they stand; what the rows tell is remembered for a second, so that asking often costs little.</summary>
internal sealed class StatusReader(IStore store, IEventSource source, SmarthostStates smarthosts, TimeProvider time)
{
    private const int HeadShown = 10;
    private const int GapsShown = 5;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private (DateTimeOffset At, Status Status)? _last;

    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public Status Read()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_last is not { } last || (now - last.At).Duration() > Fresh)
            {
                _last = last = (now, store.Read(Of));
            }

            return last.Status;
        }
    }

    /// <summary>How many mailboxes are watched, and of how many the events come as they happen.</summary>
    public (int Watched, int Live) Watching() => source.Count();

    /// <summary>Each smarthost, and why it is away if it is.</summary>
    public IReadOnlyList<(string Name, string? Failure)> Smarthosts() => smarthosts.Now();

    private static Status Of(IStoreTransaction transaction) => new(
        transaction.Spool.Counts(),
        transaction.Outbox.Counts(),
        transaction.Subscriptions.CountByState(),
        QueueDesk.List(transaction, HeadShown),
        [.. transaction.Events.LastGaps(GapsShown).Select(logged => (transaction.Watches.AddressOf(logged.MailboxId), logged.Gap!))]);
}
