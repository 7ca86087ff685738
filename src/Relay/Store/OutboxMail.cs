namespace Relay.Store;

/// <summary>A mail claimed for sending.</summary>
/// <param name="Attempts">How often it was claimed, this time included.</param>
internal sealed record OutboxMail(
    long Id,
    OutboxKind Kind,
    string? ReversePath,
    string Recipient,
    string MessageId,
    ReadOnlyMemory<byte> Content,
    long? SubscriptionId,
    long? Sequence,
    int Attempts,
    DateTimeOffset CreatedAt);
