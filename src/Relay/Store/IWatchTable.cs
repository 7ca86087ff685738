namespace Relay.Store;

/// <summary>The mailboxes that have an id, and what is watched of them upstream.</summary>
internal interface IWatchTable
{
    /// <summary>The id of an address, made at first mention; upper and lower case are the same.</summary>
    long MailboxId(string address);

    /// <summary>Null when the address has no id.</summary>
    long? FindMailbox(string address);

    /// <exception cref="KeyNotFoundException">No mailbox has this id.</exception>
    string AddressOf(long mailboxId);

    WatchedMailbox? Mailbox(long mailboxId);

    IReadOnlyList<WatchedMailbox> AllMailboxes();

    IReadOnlyList<WatchedFolder> Folders(long mailboxId);

    /// <summary>Adds it, or sets its name and sync state.</summary>
    void AddFolder(WatchedFolder folder);

    void RemoveFolder(long mailboxId, string folderId);

    /// <param name="syncedAt">When it was taken.</param>
    /// <param name="syncedPosition">The end of the log before it was asked for.</param>
    /// <param name="breaks">The mailbox's breaks before it was asked for; a break since then is one of the log after this state too. Null: none was.</param>
    void SaveSyncState(
        long mailboxId, string folderId, string? syncState, DateTimeOffset? syncedAt = null, LogPosition syncedPosition = default, long? breaks = null);

    /// <param name="syncedAt">When it was taken.</param>
    /// <param name="syncedPosition">The end of the log before it was asked for.</param>
    /// <param name="breaks">As for <see cref="SaveSyncState"/>.</param>
    void SaveHierarchyState(
        long mailboxId, string? state, DateTimeOffset? syncedAt = null, LogPosition syncedPosition = default, long? breaks = null);

    /// <summary>Events may be missing between what the log tells up to here and what it will tell.</summary>
    void MarkBreak(long mailboxId, LogPosition end);

    /// <summary>From now on folders that are made later are watched too, until <see cref="StopWatching"/>.</summary>
    /// <param name="from">Where the log stood: of items told of before in search folders nobody heard. Not moved where all were watched before.</param>
    void WatchAllFolders(long mailboxId, LogPosition from);

    /// <summary>See <see cref="WatchedMailbox.StraysPosition"/>.</summary>
    void SaveStraysPosition(long mailboxId, LogPosition position);

    void SaveUpstreamSubscription(long mailboxId, string? subscriptionId);

    /// <summary>Forgets folders, states and the upstream subscription; the id stays, since log and watermarks name it.</summary>
    void StopWatching(long mailboxId);
}
