using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What SyncFolderItems and SyncFolderHierarchy found, told as the events that would have told it.</summary>
internal static class NetChanges
{
    /// <param name="folderId">The folder that was synchronised.</param>
    /// <param name="now">The time that the events carry: when they were found, since nobody knows when they happened.</param>
    internal static IEnumerable<MailboxEvent> OfItem(EwsChange change, string folderId, DateTimeOffset now)
    {
        var found = new MailboxEvent
        {
            Type = TypeOf(change.Kind),
            TimeStamp = now,
            Object = change.Id,
            ParentFolder = change.ParentFolder ?? new EwsId(folderId),
        };
        yield return found;
        if (IsDelivered(change))
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

    /// <summary>A mail that was received, not one that its owner drafts or sent.</summary>
    private static bool IsDelivered(EwsChange change) => change is { Kind: EwsChangeKind.Create, IsDelivered: true };
}
