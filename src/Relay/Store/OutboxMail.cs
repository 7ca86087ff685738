namespace Relay.Store;

/// <summary>A mail claimed for sending; its content is read when it is sent, so that those in waiting cost little.</summary>
/// <param name="Length">Octets of its content.</param>
/// <param name="Attempts">How often it was claimed, this time included.</param>
/// <param name="Lane">A number for the recipient's domain; mails of one lane share its fate.</param>
internal sealed record OutboxMail(
    long Id,
    OutboxKind Kind,
    string? ReversePath,
    string Recipient,
    string MessageId,
    long Length,
    long? SubscriptionId,
    long? Sequence,
    int Attempts,
    DateTimeOffset CreatedAt,
    long Lane)
{
    /// <summary>Of a mail that others sent and we pass on: what its sender is to be told. Null of our own mail.</summary>
    public ReportWishes? Wishes { get; init; }

    /// <summary>When another may claim it. It tells this claim from any other.</summary>
    public required DateTimeOffset ClaimedUntil { get; init; }
}
