namespace Relay.Store;

/// <summary>What is remembered of a subscription whose mail came back.</summary>
/// <param name="Score">Of the reports since the last quiet time.</param>
/// <param name="LastAt">The last report.</param>
/// <param name="SuspendedAt">Null while it is served all the same.</param>
/// <param name="NextAt">When something is to be done about it; null when nothing is.</param>
/// <param name="MissedFrom">The position behind which the first mail that came back would have told; null when unknown.</param>
/// <param name="Probes">Probe mails since the last quiet time.</param>
/// <param name="ProbeId">The Message-ID of the probe that is out; null when none is.</param>
/// <param name="Reason">What the last report said, for people.</param>
internal sealed record BounceRecord(
    long SubscriptionId,
    int Score,
    DateTimeOffset LastAt,
    DateTimeOffset? SuspendedAt,
    DateTimeOffset? NextAt,
    LogPosition? MissedFrom,
    int Probes,
    string? ProbeId,
    string Reason)
{
    /// <summary>When it was first suspended without a quiet time since; going on after a probe does not end such a series.</summary>
    public DateTimeOffset? TroubledSince { get; init; }
}
