using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Whether the log tells an event already. The same event comes twice when a mailbox is caught up while its new subscription already
/// collects events, and when a server repeats itself. Only what happens once in the life of an object can be recognised: an item is
/// created, delivered, deleted, and moved or copied to where it is, once under its id; it may be modified any number of times.
/// </summary>
internal static class Recognition
{
    /// <summary>Those of the events that are news, in their order.</summary>
    internal static List<MailboxEvent> News(IEventLog log, long mailboxId, IEnumerable<MailboxEvent> events)
    {
        var news = new List<MailboxEvent>();
        var inThisBatch = new HashSet<(MailboxEventType, string, string)>();
        foreach (var item in events)
        {
            // A heartbeat is no news, and the log has no place for elements that nobody knows.
            if (item.Type is MailboxEventType.Status or MailboxEventType.Unknown)
            {
                continue;
            }

            if (!HappensOnce(item) || (!IsTold(log, mailboxId, item) && inThisBatch.Add((item.Type, item.Object.Id, item.ParentFolder.Id))))
            {
                news.Add(item);
            }
        }

        return news;
    }

    private static bool HappensOnce(MailboxEvent item) => item.Type switch
    {
        MailboxEventType.Created or MailboxEventType.NewMail or MailboxEventType.Deleted or MailboxEventType.Copied => true,
        MailboxEventType.Moved => !item.IsFolder, // an item gets a new id by moving, a folder keeps its own
        _ => false,
    };

    private static bool IsTold(IEventLog log, long mailboxId, MailboxEvent item)
    {
        return item.Type switch
        {
            MailboxEventType.Created => Told(MailboxEventType.Created) || Told(MailboxEventType.Moved) || Told(MailboxEventType.Copied),
            MailboxEventType.Deleted => Told(MailboxEventType.Deleted) || (!item.IsFolder && log.TellsMoveOf(mailboxId, item.Object.Id)),
            MailboxEventType.Moved => Told(MailboxEventType.Moved) || (Told(MailboxEventType.Created) && IsOldGone()),
            MailboxEventType.Copied => Told(MailboxEventType.Copied) || Told(MailboxEventType.Created),
            _ => Told(item.Type),
        };

        bool Told(MailboxEventType type) => log.Tells(mailboxId, type, item.Object.Id, item.ParentFolder.Id);

        bool IsOldGone() => item is { OldObject: { } old, OldParentFolder: { } from }
            && log.Tells(mailboxId, MailboxEventType.Deleted, old.Id, from.Id);
    }
}
