using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What all synchronisations of one catch-up share.</summary>
/// <param name="Told">What the log tells since the states.</param>
/// <param name="Mark">Where the log stood before Exchange was asked.</param>
/// <param name="IsComplete">The log is known to tell all that happened before Exchange was asked; see <see cref="ToldEvents"/>.</param>
/// <param name="Ours">Knows own mail.</param>
internal sealed record SyncRun(
    EwsClient Ews, IStore Store, TimeProvider Time, SyncTarget Target, ToldEvents Told, SyncMark Mark, bool IsComplete, IOwnMail Ours)
{
    internal static CatchUpStep Done { get; } = new CatchUpStep.Done();

    /// <summary>Items that a folder's synchronisation named, whatever it said of them.</summary>
    internal HashSet<string> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>How many events were appended.</summary>
    internal int News { get; private set; }

    internal async Task KeepAsync(Func<IStoreTransaction, int> settle, CancellationToken cancellationToken) =>
        News += await Store.CommitAsync(settle, cancellationToken);

    /// <summary>Inside a transaction: appends what is news of these events.</summary>
    /// <param name="transaction">Where the log is.</param>
    /// <param name="found">Events of items, or of folders.</param>
    /// <param name="messageId">Of the item whose events they are, where it is told.</param>
    internal int Append(IStoreTransaction transaction, IEnumerable<MailboxEvent> found, string? messageId = null)
    {
        var news = Recognition.News(transaction.Events, Target.MailboxId, found);
        var isOurs = messageId is not null && Ours.IsOurs(transaction, messageId, Target.Address);
        transaction.Events.Append(Target.MailboxId, news, caughtUp: true, Time.GetUtcNow(), item => !item.IsFolder && (isOurs || IsKnown(item)));
        return news.Count;

        bool IsKnown(MailboxEvent item) => transaction.Events.LastOf(Target.MailboxId, item.Object.Id)?.Own ?? false;
    }

    internal static CatchUpStep Hindrance(EwsError error)
    {
        var sentence = $"Exchange answered {error.ResponseCode}: {error.MessageText}";
        return EwsErrorKinds.IsPassing(error.ResponseCode) ? new CatchUpStep.Hindered(sentence) : new CatchUpStep.Refused(sentence);
    }

    internal static CatchUpStep Hindrance<T>(EwsReply<T> reply) => reply switch
    {
        EwsReply<T>.Refused refused => Hindrance(refused.Error),
        EwsReply<T>.NoAnswer none => new CatchUpStep.Hindered(none.Reason),
        _ => throw new InvalidOperationException("A success hinders nobody."),
    };
}
