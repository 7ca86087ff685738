namespace Relay.Operator;

/// <summary>A mail of either queue as the operator is told of it; the shape of <c>relay queue --json</c>.</summary>
internal sealed record QueuedMail
{
    /// <summary>As <see cref="QueueId"/> writes it.</summary>
    public required string Id { get; init; }

    /// <summary>incoming, answer, notification or forwarded.</summary>
    public required string Kind { get; init; }

    /// <summary>waiting, deferred, in hand, set aside, given up, done, delivered or dropped.</summary>
    public required string State { get; init; }

    /// <summary>Null is the null reverse-path. Tokens in our own addresses are left out.</summary>
    public required string? From { get; init; }

    public required IReadOnlyList<string> To { get; init; }

    public required long Bytes { get; init; }

    /// <summary>When it was received or made.</summary>
    public required DateTimeOffset Since { get; init; }

    public required int Attempts { get; init; }

    /// <summary>The last reply, or what happened instead of one.</summary>
    public required string? LastOutcome { get; init; }

    /// <summary>Null when it is due now, in hand, or no longer waiting.</summary>
    public required DateTimeOffset? NextTry { get; init; }

    /// <summary>Of an incoming mail our own id for it, else its Message-ID.</summary>
    public required string MessageId { get; init; }

    /// <summary>The subscription whose mail it is.</summary>
    public string? Subscription { get; init; }

    public long? Sequence { get; init; }
}
