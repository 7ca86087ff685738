using Relay.Store;

namespace Relay.Operator;

/// <summary>Rows of the queues in the operator's words.</summary>
internal static class QueuedMails
{
    public static QueuedMail Of(SpoolEntry entry) => new()
    {
        Id = new QueueId(true, entry.Id).ToString(),
        Kind = "incoming",
        State = entry.State switch
        {
            SpoolState.Waiting when entry.DueAt is not null => "deferred",
            SpoolState.Waiting => "waiting",
            SpoolState.Claimed => "in hand",
            SpoolState.Done => "done",
            SpoolState.SetAside => "set aside",
            _ => throw new InvalidOperationException("The states of a spooled mail are closed."),
        },
        From = Secrets.Hide(entry.ReversePath),
        To = [.. entry.Recipients.Select(recipient => Secrets.Hide(recipient)!)],
        Bytes = entry.Length,
        Since = entry.ReceivedAt,
        Attempts = entry.Attempts,
        LastOutcome = entry.Note,
        NextTry = entry.State == SpoolState.Waiting ? entry.DueAt : null,
        MessageId = entry.MailId,
    };

    public static QueuedMail Of(OutboxEntry entry, IStoreTransaction transaction) => new()
    {
        Id = new QueueId(false, entry.Id).ToString(),
        Kind = entry is { Kind: OutboxKind.Notification, SubscriptionId: null } ? "forwarded" : entry.Kind.ToString().ToLowerInvariant(),
        State = entry.State switch
        {
            OutboxState.Waiting when entry.DueAt is not null => "deferred",
            OutboxState.Waiting => "waiting",
            OutboxState.Claimed => "in hand",
            OutboxState.Delivered => "delivered",
            OutboxState.GivenUp => "given up",
            OutboxState.Dropped => "dropped",
            _ => throw new InvalidOperationException("The states of an outgoing mail are closed."),
        },
        From = Secrets.Hide(entry.ReversePath),
        To = [entry.Recipient],
        Bytes = entry.Length,
        Since = entry.CreatedAt,
        Attempts = entry.Attempts,
        LastOutcome = entry.Note,
        NextTry = entry.State == OutboxState.Waiting ? entry.DueAt : null,
        MessageId = entry.MessageId,
        Subscription = entry.SubscriptionId is { } id ? transaction.Subscriptions.Find(id)?.PublicId : null,
        Sequence = entry.Sequence,
    };
}
