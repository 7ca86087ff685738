namespace Relay.Store;

/// <summary>Which request a spooled mail was, and what it led to.</summary>
/// <param name="RequestId">The id that its answer refers to, as raw as it came.</param>
/// <param name="LedTo">The Message-IDs of the mails that went into the outbox with it.</param>
internal sealed record HandledMail(long SpoolId, DateTimeOffset HandledAt, string RequestId, IReadOnlyList<string> LedTo);
