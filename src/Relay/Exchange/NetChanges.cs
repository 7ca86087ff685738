using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// What SyncFolderItems and SyncFolderHierarchy found, told as the events that would have told it. They carry the time when they were found,
/// since nobody knows when they happened.
/// </summary>
internal static class NetChanges
{
    /// <summary>Clocks differ; mail that came this long before the last synchronisation was moved here since, not delivered.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    internal static MailboxEvent OfItem(MailboxEventType type, EwsId item, WatchedFolder folder, DateTimeOffset now) => new()
    {
        Type = type,
        TimeStamp = now,
        Object = item,
        ParentFolder = new EwsId(folder.FolderId),
    };

    /// <param name="parent">Of a folder that is gone, the last that is known.</param>
    internal static MailboxEvent OfFolder(MailboxEventType type, EwsId folder, EwsId parent, DateTimeOffset now) => new()
    {
        Type = type,
        TimeStamp = now,
        IsFolder = true,
        Object = folder,
        ParentFolder = parent,
    };

    internal static bool IsNewMail(EwsChange change, WatchedFolder folder) =>
        change is { Kind: EwsChangeKind.Create, IsDelivered: true }
        && !(change.Received is { } received && folder.SyncedAt is { } synced && received < synced - ClockSkew);
}
