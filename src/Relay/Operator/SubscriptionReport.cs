namespace Relay.Operator;

/// <summary>A subscription as the operator is told of it; the shape of <c>relay subscriptions --json</c>.</summary>
internal sealed record SubscriptionReport
{
    public required string Id { get; init; }

    /// <summary>push, pull or streaming.</summary>
    public required string Kind { get; init; }

    /// <summary>active, paused, suspended or ended.</summary>
    public required string State { get; init; }

    /// <summary>Why it is not active.</summary>
    public required string? Reason { get; init; }

    public required string Mailbox { get; init; }

    /// <summary>Names of folders; empty for all.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>The entry of the settings and the address that own it.</summary>
    public required string Owner { get; init; }

    public required string NotifyAddress { get; init; }

    public required string Service { get; init; }

    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Timeout of a pull, StatusFrequency of a push subscription.</summary>
    public required int PeriodMinutes { get; init; }

    /// <summary>How its notifications are made, in words; null as Exchange makes them.</summary>
    public string? Delivery { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The owner's last request, or our last mail.</summary>
    public required DateTimeOffset LastActivity { get; init; }

    /// <summary>The number of its last mail; 0 before the first.</summary>
    public required long Sequence { get; init; }

    /// <summary>The last one communicated.</summary>
    public required string Watermark { get; init; }

    /// <summary>The Message-ID of the Subscribe.</summary>
    public required string? RequestId { get; init; }
}
