using System.Data.Common;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IWatchTable"/>
internal sealed class WatchTable(SqlSession session) : IWatchTable
{
    private const string SelectId = "SELECT id FROM mailbox WHERE address_folded = @folded";

    private const string InsertMailbox = "INSERT INTO mailbox (address, address_folded) VALUES (@address, @folded) RETURNING id";

    private const string SelectMailbox = """
        SELECT id, address, hierarchy_state, upstream_subscription, all_folders, hierarchy_synced_at,
               hierarchy_synced_position, hierarchy_broken_at, breaks, strays_position FROM mailbox WHERE id = @id
        """;

    private const string SelectMailboxes = """
        SELECT id, address, hierarchy_state, upstream_subscription, all_folders, hierarchy_synced_at,
               hierarchy_synced_position, hierarchy_broken_at, breaks, strays_position FROM mailbox ORDER BY id
        """;

    private const string SelectFolders = """
        SELECT mailbox_id, folder_id, name, sync_state, synced_at, synced_position, broken_at FROM folder
        WHERE mailbox_id = @mailbox ORDER BY folder_id
        """;

    private const string UpsertFolder = """
        INSERT INTO folder (mailbox_id, folder_id, name, sync_state, synced_at, synced_position, broken_at)
        VALUES (@mailbox, @folder, @name, @state, @synced, @position, @broken)
        ON CONFLICT (mailbox_id, folder_id) DO UPDATE SET name = excluded.name, sync_state = excluded.sync_state, synced_at = excluded.synced_at,
            synced_position = excluded.synced_position, broken_at = excluded.broken_at
        """;

    private const string DeleteFolder = "DELETE FROM folder WHERE mailbox_id = @mailbox AND folder_id = @folder";

    private const string DeleteFolders = "DELETE FROM folder WHERE mailbox_id = @mailbox";

    private const string UpdateSyncState = """
        UPDATE folder SET sync_state = @state, synced_at = @synced, synced_position = @position,
            broken_at = CASE WHEN (SELECT breaks FROM mailbox WHERE id = @mailbox) > @breaks THEN @position END
        WHERE mailbox_id = @mailbox AND folder_id = @folder
        """;

    private const string UpdateHierarchyState = """
        UPDATE mailbox SET hierarchy_state = @state, hierarchy_synced_at = @synced, hierarchy_synced_position = @position,
            hierarchy_broken_at = CASE WHEN breaks > @breaks THEN @position END
        WHERE id = @mailbox
        """;

    private const string BreakMailbox = """
        UPDATE mailbox SET breaks = breaks + 1, hierarchy_broken_at = COALESCE(hierarchy_broken_at, @end) WHERE id = @mailbox
        """;

    private const string BreakFolders = "UPDATE folder SET broken_at = @end WHERE mailbox_id = @mailbox AND broken_at IS NULL";

    private const string UpdateAllFolders = """
        UPDATE mailbox SET all_folders = 1, strays_position = @from WHERE id = @mailbox AND all_folders = 0
        """;

    private const string ResetAllFolders = "UPDATE mailbox SET all_folders = 0, strays_position = 0 WHERE id = @mailbox";

    private const string UpdateStrays = "UPDATE mailbox SET strays_position = @position WHERE id = @mailbox";

    private const string UpdateUpstream = "UPDATE mailbox SET upstream_subscription = @upstream WHERE id = @mailbox";

    public long MailboxId(string address) => FindMailbox(address)
        ?? session.Number(InsertMailbox, ("@address", address), ("@folded", Folded(address)))
        ?? throw new InvalidOperationException("An inserted row has an id.");

    public long? FindMailbox(string address) => session.Number(SelectId, ("@folded", Folded(address)));

    public string AddressOf(long mailboxId) =>
        Mailbox(mailboxId)?.Address ?? throw new KeyNotFoundException($"There is no mailbox {mailboxId}.");

    public WatchedMailbox? Mailbox(long mailboxId) => session.First(SelectMailbox, ToMailbox, ("@id", mailboxId));

    public IReadOnlyList<WatchedMailbox> AllMailboxes() => session.Query(SelectMailboxes, ToMailbox);

    public IReadOnlyList<WatchedFolder> Folders(long mailboxId) => session.Query(
        SelectFolders,
        static row => new WatchedFolder(row.GetInt64(0), row.GetString(1), row.GetString(2), row.TextOrNull(3))
        {
            SyncedAt = row.InstantOrNull(4),
            SyncedPosition = new LogPosition(row.GetInt64(5)),
            BrokenAt = PositionOrNull(row, 6),
        },
        ("@mailbox", mailboxId));

    public void AddFolder(WatchedFolder folder) => session.Execute(
        UpsertFolder,
        ("@mailbox", folder.MailboxId),
        ("@folder", folder.FolderId),
        ("@name", folder.Name),
        ("@state", folder.SyncState),
        ("@synced", folder.SyncedAt is { } synced ? Instant.Of(synced) : null),
        ("@position", folder.SyncedPosition.Value),
        ("@broken", folder.BrokenAt?.Value));

    public void RemoveFolder(long mailboxId, string folderId) =>
        session.Execute(DeleteFolder, ("@mailbox", mailboxId), ("@folder", folderId));

    public void SaveSyncState(
        long mailboxId, string folderId, string? syncState, DateTimeOffset? syncedAt, LogPosition syncedPosition, long? breaks) => session.Execute(
        UpdateSyncState,
        ("@state", syncState),
        ("@synced", syncedAt is { } synced ? Instant.Of(synced) : null),
        ("@position", syncedPosition.Value),
        ("@breaks", breaks ?? long.MaxValue),
        ("@mailbox", mailboxId),
        ("@folder", folderId));

    public void SaveHierarchyState(
        long mailboxId, string? state, DateTimeOffset? syncedAt, LogPosition syncedPosition, long? breaks) => session.Execute(
        UpdateHierarchyState,
        ("@state", state),
        ("@synced", syncedAt is { } synced ? Instant.Of(synced) : null),
        ("@position", syncedPosition.Value),
        ("@breaks", breaks ?? long.MaxValue),
        ("@mailbox", mailboxId));

    public void MarkBreak(long mailboxId, LogPosition end)
    {
        session.Execute(BreakMailbox, ("@end", end.Value), ("@mailbox", mailboxId));
        session.Execute(BreakFolders, ("@end", end.Value), ("@mailbox", mailboxId));
    }

    public void WatchAllFolders(long mailboxId, LogPosition from) =>
        session.Execute(UpdateAllFolders, ("@from", from.Value), ("@mailbox", mailboxId));

    public void SaveStraysPosition(long mailboxId, LogPosition position) =>
        session.Execute(UpdateStrays, ("@position", position.Value), ("@mailbox", mailboxId));

    public void SaveUpstreamSubscription(long mailboxId, string? subscriptionId) =>
        session.Execute(UpdateUpstream, ("@upstream", subscriptionId), ("@mailbox", mailboxId));

    public void StopWatching(long mailboxId)
    {
        session.Execute(DeleteFolders, ("@mailbox", mailboxId));
        SaveHierarchyState(mailboxId, null, null, default, null);
        SaveUpstreamSubscription(mailboxId, null);
        session.Execute(ResetAllFolders, ("@mailbox", mailboxId));
    }

    private static string Folded(string address) => address.ToLowerInvariant();

    private static WatchedMailbox ToMailbox(DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.TextOrNull(2), row.TextOrNull(3))
        {
            AllFolders = row.Flag(4),
            HierarchySyncedAt = row.InstantOrNull(5),
            HierarchySyncedPosition = new LogPosition(row.GetInt64(6)),
            HierarchyBrokenAt = PositionOrNull(row, 7),
            Breaks = row.GetInt64(8),
            StraysPosition = new LogPosition(row.GetInt64(9)),
        };

    private static LogPosition? PositionOrNull(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new LogPosition(row.GetInt64(column));
}
