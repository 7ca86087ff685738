namespace Relay.Store;

/// <summary>A mail to be sent. Its octets and Message-ID are made here, once, so that a repeat can be recognised.</summary>
/// <param name="ReversePath">Null is the null reverse-path.</param>
/// <param name="SubscriptionId">The subscription that it belongs to, or that it must reach before any mail of it; at most one of a subscription should be under way.</param>
/// <param name="Sequence">The subscription's number for it.</param>
internal sealed record NewOutboxMail(
    OutboxKind Kind,
    string? ReversePath,
    string Recipient,
    string MessageId,
    ReadOnlyMemory<byte> Content,
    long? SubscriptionId,
    long? Sequence,
    DateTimeOffset CreatedAt)
{
    /// <summary>Of a mail that others sent and we pass on: what its sender is to be told. Null of our own mail.</summary>
    public ReportWishes? Wishes { get; init; }
}
