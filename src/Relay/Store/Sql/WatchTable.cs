using System.Data.Common;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IWatchTable"/>
internal sealed class WatchTable(SqlSession session) : IWatchTable
{
    private const string SelectId = "SELECT id FROM mailbox WHERE address_folded = @folded";

    private const string InsertMailbox = "INSERT INTO mailbox (address, address_folded) VALUES (@address, @folded) RETURNING id";

    private const string SelectMailbox = "SELECT id, address, hierarchy_state, upstream_subscription FROM mailbox WHERE id = @id";

    private const string SelectMailboxes = "SELECT id, address, hierarchy_state, upstream_subscription FROM mailbox ORDER BY id";

    private const string SelectFolders = """
        SELECT mailbox_id, folder_id, name, sync_state FROM folder WHERE mailbox_id = @mailbox ORDER BY folder_id
        """;

    private const string UpsertFolder = """
        INSERT INTO folder (mailbox_id, folder_id, name, sync_state) VALUES (@mailbox, @folder, @name, @state)
        ON CONFLICT (mailbox_id, folder_id) DO UPDATE SET name = excluded.name, sync_state = excluded.sync_state
        """;

    private const string DeleteFolder = "DELETE FROM folder WHERE mailbox_id = @mailbox AND folder_id = @folder";

    private const string DeleteFolders = "DELETE FROM folder WHERE mailbox_id = @mailbox";

    private const string UpdateSyncState = "UPDATE folder SET sync_state = @state WHERE mailbox_id = @mailbox AND folder_id = @folder";

    private const string UpdateHierarchyState = "UPDATE mailbox SET hierarchy_state = @state WHERE id = @mailbox";

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
        static row => new WatchedFolder(row.GetInt64(0), row.GetString(1), row.GetString(2), row.TextOrNull(3)),
        ("@mailbox", mailboxId));

    public void AddFolder(WatchedFolder folder) => session.Execute(
        UpsertFolder,
        ("@mailbox", folder.MailboxId),
        ("@folder", folder.FolderId),
        ("@name", folder.Name),
        ("@state", folder.SyncState));

    public void RemoveFolder(long mailboxId, string folderId) =>
        session.Execute(DeleteFolder, ("@mailbox", mailboxId), ("@folder", folderId));

    public void SaveSyncState(long mailboxId, string folderId, string? syncState) =>
        session.Execute(UpdateSyncState, ("@state", syncState), ("@mailbox", mailboxId), ("@folder", folderId));

    public void SaveHierarchyState(long mailboxId, string? state) =>
        session.Execute(UpdateHierarchyState, ("@state", state), ("@mailbox", mailboxId));

    public void SaveUpstreamSubscription(long mailboxId, string? subscriptionId) =>
        session.Execute(UpdateUpstream, ("@upstream", subscriptionId), ("@mailbox", mailboxId));

    public void StopWatching(long mailboxId)
    {
        session.Execute(DeleteFolders, ("@mailbox", mailboxId));
        SaveHierarchyState(mailboxId, null);
        SaveUpstreamSubscription(mailboxId, null);
    }

    private static string Folded(string address) => address.ToLowerInvariant();

    private static WatchedMailbox ToMailbox(DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.TextOrNull(2), row.TextOrNull(3));
}
