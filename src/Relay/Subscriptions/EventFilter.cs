using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>
/// Which events of a mailbox's log a subscription asked for. A folder listed in it concerns events in the folder (also those that moved an
/// object out of it or into it) and events of the folder itself; it is not recursive, as with Exchange.
/// </summary>
internal static class EventFilter
{
    /// <summary>
    /// The same of an event in the log. One about a mail that the relay made is told to those alone who ask by themselves (pull): a mail that told
    /// it would be the next such event (docs/decisions/0007).
    /// </summary>
    public static bool Matches(Subscription subscription, LoggedEvent logged) =>
        !(logged.Own && subscription.Kind != SubscriptionKind.Pull) && Matches(subscription, logged.Event);

    public static bool Matches(Subscription subscription, MailboxEvent e) =>
        (subscription.EventTypes & TypeFlag(e.Type)) != 0 && (subscription.AllFolders || subscription.Folders.Any(folder => Concerns(folder.Id, e)));

    /// <summary>Whether events that the subscription asked for may be among those missing.</summary>
    public static bool Concerns(Subscription subscription, EventGap gap) =>
        gap.FolderId is null || subscription.AllFolders || subscription.Folders.Any(folder => folder.Id == gap.FolderId);

    private static bool Concerns(string folderId, MailboxEvent e) =>
        e.ParentFolder.Id == folderId
        || e.OldParentFolder?.Id == folderId
        || (e.IsFolder && (e.Object.Id == folderId || e.OldObject?.Id == folderId));

    private static EwsEventTypes TypeFlag(MailboxEventType type) => type switch
    {
        MailboxEventType.Copied => EwsEventTypes.Copied,
        MailboxEventType.Created => EwsEventTypes.Created,
        MailboxEventType.Deleted => EwsEventTypes.Deleted,
        MailboxEventType.Modified => EwsEventTypes.Modified,
        MailboxEventType.Moved => EwsEventTypes.Moved,
        MailboxEventType.NewMail => EwsEventTypes.NewMail,
        MailboxEventType.FreeBusyChanged => EwsEventTypes.FreeBusyChanged,
        MailboxEventType.Status or MailboxEventType.Unknown => EwsEventTypes.None,
        _ => EwsEventTypes.None,
    };
}
