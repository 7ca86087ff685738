using Relay.Store;

namespace Relay.Operator;

/// <summary>How the relay stands, as its rows tell it at one moment.</summary>
/// <param name="Head">The oldest open mails of both queues.</param>
/// <param name="Gaps">The latest, each with its mailbox.</param>
internal sealed record Status(
    QueueCounts Spool,
    QueueCounts Outbox,
    IReadOnlyDictionary<SubscriptionState, int> Subscriptions,
    IReadOnlyList<QueuedMail> Head,
    IReadOnlyList<(string Mailbox, EventGap Gap)> Gaps);
