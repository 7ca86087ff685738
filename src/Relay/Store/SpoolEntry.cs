namespace Relay.Store;

/// <summary>A spooled mail as the operator sees it: without its content.</summary>
/// <param name="DueAt">When it is due, or when the lease of its claim runs out; null when due at once or no longer waiting.</param>
/// <param name="Note">The outcome, or why the last attempt failed.</param>
internal sealed record SpoolEntry(
    long Id,
    SpoolState State,
    DateTimeOffset ReceivedAt,
    string MailId,
    string? ReversePath,
    IReadOnlyList<string> Recipients,
    MailOrigin Origin,
    long Length,
    int Attempts,
    DateTimeOffset? DueAt,
    string? Note);
