namespace Relay.Store;

/// <summary>One attempt to send a mail that did not succeed.</summary>
/// <param name="Note">The reply, or what happened instead of one.</param>
internal sealed record FailedAttempt(DateTimeOffset At, string Note);
