using Relay.Store;

namespace Relay.Exchange;

/// <summary>Where the log of a mailbox stood before its states were asked for: they hold all that is told up to there, and what broke before.</summary>
/// <param name="End">The end of the log.</param>
/// <param name="Breaks">How often it had broken.</param>
/// <param name="Time">By our clock: what happened later, the states need not hold.</param>
internal readonly record struct SyncMark(LogPosition End, long Breaks, DateTimeOffset Time)
{
    internal static SyncMark Take(IStoreTransaction transaction, long mailboxId, TimeProvider time) =>
        new(transaction.Events.End(), transaction.Watches.Mailbox(mailboxId)?.Breaks ?? 0, time.GetUtcNow());
}
