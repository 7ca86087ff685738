namespace Relay.Store;

/// <summary>How it went with an outgoing mail, beside what <see cref="OutboxEntry"/> says.</summary>
/// <param name="SettledAt">When the next hop took it, or it was given up or dropped; null while it waits.</param>
/// <param name="Failures">The attempts that failed, oldest first.</param>
internal sealed record OutboxTrail(DateTimeOffset? SettledAt, IReadOnlyList<FailedAttempt> Failures);
