using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What SyncFolderItems and SyncFolderHierarchy found, told as the events that would have told it.</summary>
internal static class NetChanges
{
    /// <summary>Clocks differ; mail that came this long before the last synchronisation was moved here since, not delivered.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    /// <param name="folder">The folder that was synchronised.</param>
    /// <param name="now">The time that the events carry: when they were found, since nobody knows when they happened.</param>
    internal static IEnumerable<MailboxEvent> OfItem(EwsChange change, WatchedFolder folder, DateTimeOffset now)
    {
        var found = new MailboxEvent
        {
            Type = TypeOf(change.Kind),
            TimeStamp = now,
            Object = change.Id,
            ParentFolder = change.ParentFolder ?? new EwsId(folder.FolderId),
        };
        yield return found;
        if (IsNewMail(change, folder))
        {
            yield return found with { Type = MailboxEventType.NewMail };
        }
    }

    /// <param name="lastKnownParent">For a folder that is gone, of which the change tells only the id.</param>
    /// <param name="now">The time that the event carries.</param>
    internal static MailboxEvent OfFolder(EwsChange change, EwsId lastKnownParent, DateTimeOffset now) => new()
    {
        Type = TypeOf(change.Kind),
        TimeStamp = now,
        IsFolder = true,
        Object = change.Id,
        ParentFolder = change.ParentFolder ?? lastKnownParent,
    };

    private static MailboxEventType TypeOf(EwsChangeKind kind) => kind switch
    {
        EwsChangeKind.Create => MailboxEventType.Created,
        EwsChangeKind.Delete => MailboxEventType.Deleted,
        EwsChangeKind.Update or EwsChangeKind.ReadFlagChange => MailboxEventType.Modified,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The four kinds of change are the only ones."),
    };

    private static bool IsNewMail(EwsChange change, WatchedFolder folder) =>
        change is { Kind: EwsChangeKind.Create, IsDelivered: true }
        && !(change.Received is { } received && folder.SyncedAt is { } synced && received < synced - ClockSkew);
}
