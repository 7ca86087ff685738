namespace Relay.Store;

/// <summary>An outgoing mail as the operator sees it: without its content.</summary>
/// <param name="DueAt">When it is due, or when the lease of its claim runs out; null when due at once or no longer waiting.</param>
/// <param name="CursorBefore">Of a notification: where its subscription stood before; what it tells lies behind that.</param>
/// <param name="Note">The next hop's reply, or why the last attempt failed.</param>
internal sealed record OutboxEntry(
    long Id,
    OutboxKind Kind,
    OutboxState State,
    string? ReversePath,
    string Recipient,
    string MessageId,
    long Length,
    long? SubscriptionId,
    long? Sequence,
    int Attempts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DueAt,
    string? Note,
    LogPosition? CursorBefore);
