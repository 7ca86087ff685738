using Relay.Reports;
using Relay.Store;

namespace Relay.Operator;

/// <summary>What the operator sees of both queues and does to single mails, beside a running relay or a stopped one.</summary>
internal sealed class QueueDesk(IStore store, TimeProvider time)
{
    private const string DroppedByOperator = "dropped by the operator";

    /// <summary>The mails that wait, are in hand, set aside or given up, oldest first, and how many there are in all.</summary>
    public (IReadOnlyList<QueuedMail> Mails, int All) List(int atMost) => store.Read(transaction =>
    {
        var (spool, outbox) = (transaction.Spool.Counts(), transaction.Outbox.Counts());
        return (List(transaction, atMost), spool.Waiting + spool.Claimed + spool.Failed + outbox.Waiting + outbox.Claimed + outbox.Failed);
    });

    /// <summary>The oldest of them, within a transaction.</summary>
    public static IReadOnlyList<QueuedMail> List(IStoreTransaction transaction, int atMost)
    {
        SpoolState[] incoming = [SpoolState.Waiting, SpoolState.Claimed, SpoolState.SetAside];
        OutboxState[] outgoing = [OutboxState.Waiting, OutboxState.Claimed, OutboxState.GivenUp];
        return [.. incoming.SelectMany(state => transaction.Spool.List(state, 0, atMost)).Select(QueuedMails.Of)
            .Concat(outgoing.SelectMany(state => transaction.Outbox.List(state, 0, atMost)).Select(entry => QueuedMails.Of(entry, transaction)))
            .OrderBy(mail => mail.Since)
            .Take(atMost)];
    }

    /// <summary>Null when there is no such mail, or it has been purged.</summary>
    public QueuedMailDetails? Show(QueueId id)
    {
        var (mail, content, failures) = store.Read(transaction => id.IsIncoming ? Incoming(transaction, id.Number) : Outgoing(transaction, id.Number));
        return mail is null ? null : new QueuedMailDetails(mail, failures, content is null ? null : store.MailFiles.Load(content));
    }

    private static (QueuedMail? Mail, MailContent? Content, IReadOnlyList<FailedAttempt> Failures) Incoming(IStoreTransaction transaction, long id) =>
        transaction.Spool.Find(id) is { } entry ? (QueuedMails.Of(entry), transaction.Spool.Content(id), []) : (null, null, []);

    private static (QueuedMail? Mail, MailContent? Content, IReadOnlyList<FailedAttempt> Failures) Outgoing(IStoreTransaction transaction, long id) =>
        transaction.Outbox.Find(id) is { } entry
            ? (QueuedMails.Of(entry, transaction),
                transaction.Outbox.Content(id) is { } octets ? new MailContent.Inline(octets) : null,
                transaction.Outbox.Trail(id)?.Failures ?? [])
            : (null, null, []);

    /// <summary>Makes a mail due now, also one that was set aside or given up.</summary>
    public Task<QueueAct> RetryAsync(QueueId id, CancellationToken cancellationToken) => ActAsync(
        id, "made due now", transaction => id.IsIncoming ? transaction.Spool.Retry(id.Number) : transaction.Outbox.RetryNow(id.Number), cancellationToken);

    /// <summary>Ends a mail unhandled or unsent. Of a subscription's mails the next one then shows that one is missing: its PreviousWatermark.</summary>
    /// <param name="id">The mail.</param>
    /// <param name="reports">Tells the sender of an incoming mail, or of one that we pass on; null tells nobody.</param>
    /// <param name="cancellationToken">Nothing is done then.</param>
    public async Task<QueueAct> DropAsync(QueueId id, DropReports? reports, CancellationToken cancellationToken)
    {
        bool isTold = false;
        var act = await ActAsync(
            id,
            "dropped",
            transaction =>
            {
                (bool isDropped, isTold) = id.IsIncoming ? DropIncoming(transaction, id.Number, reports) : DropOutgoing(transaction, id.Number, reports);
                return isDropped;
            },
            cancellationToken);
        return isTold ? act with { Sentence = $"{act.Sentence}; its sender is told", IsSenderTold = true } : act;
    }

    private static (bool IsDropped, bool IsTold) DropIncoming(IStoreTransaction transaction, long id, DropReports? reports)
    {
        bool isDropped = transaction.Spool.Discard(id, DroppedByOperator);
        return (isDropped, isDropped && transaction.Spool.Find(id) is { } mail && reports?.Tell(transaction, mail) == true);
    }

    private (bool IsDropped, bool IsTold) DropOutgoing(IStoreTransaction transaction, long id, DropReports? reports)
    {
        var before = transaction.Outbox.Find(id);
        bool isDropped = transaction.Outbox.Discard(id, DroppedByOperator, time.GetUtcNow());
        return (isDropped, isDropped && before is not null && reports?.Tell(transaction, before) == true);
    }

    private Task<QueueAct> ActAsync(
        QueueId id, string action, Func<IStoreTransaction, bool> act, CancellationToken cancellationToken) => store.CommitAsync(
        transaction =>
        {
            long? subscription = id.IsIncoming ? null : transaction.Outbox.Find(id.Number)?.SubscriptionId;
            if (Find(transaction, id) is not { State: var state })
            {
                return new QueueAct(false, $"There is no mail {id}.");
            }

            if (!act(transaction))
            {
                return new QueueAct(false, state == "in hand"
                    ? $"{id} is in the hands of the relay right now; ask again when that is done, or when the relay has been started again."
                    : $"{id} is {state} and no longer in the queue.");
            }

            transaction.OperatorActions.Add(new OperatorAction(
                0, time.GetUtcNow(), id.IsIncoming ? id.Number : null, id.IsIncoming ? null : id.Number, subscription, action));
            return new QueueAct(true, $"{id} is {action}") { Mail = Find(transaction, id) };
        },
        cancellationToken);

    private static QueuedMail? Find(IStoreTransaction transaction, QueueId id) => id.IsIncoming
        ? transaction.Spool.Find(id.Number) is { } spooled ? QueuedMails.Of(spooled) : null
        : transaction.Outbox.Find(id.Number) is { } outgoing ? QueuedMails.Of(outgoing, transaction) : null;
}
