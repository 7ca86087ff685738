namespace Relay.Store;

/// <summary>A folder whose items are caught up.</summary>
/// <param name="SyncState">What SyncFolderItems gave last; null before the base line is taken.</param>
internal sealed record WatchedFolder(long MailboxId, string FolderId, string Name, string? SyncState)
{
    /// <summary>When the sync state was taken; null when not known.</summary>
    public DateTimeOffset? SyncedAt { get; init; }

    /// <summary>What the log tells up to here, the sync state holds; of later events it may hold some.</summary>
    public LogPosition SyncedPosition { get; init; }

    /// <summary>The log tells all that happened since the sync state up to here, if it does not break before; null while it has not broken.</summary>
    public LogPosition? BrokenAt { get; init; }
}
