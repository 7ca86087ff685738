namespace Relay.Store;

/// <summary>A stretch of time in which events of a mailbox may have been missed for good.</summary>
/// <param name="From">The last moment up to which nothing is missing; null when not known.</param>
/// <param name="To">From then on nothing is missing.</param>
/// <param name="FolderId">The folder concerned; null for the folder tree or the whole mailbox.</param>
/// <param name="Reason">One sentence for people.</param>
internal sealed record EventGap(DateTimeOffset? From, DateTimeOffset To, string? FolderId, string Reason);
