using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>
/// Which action raises what, by Microsoft's figure for subscriptions to one folder and its table for deletions. Listed and all-folder
/// subscriptions differ from Exchange 2013 on: the latter hear of the search folder AllItems too.
/// </summary>
internal sealed class EventTable(SimulatedDatabase database, EventProfile profile)
{
    /// <summary>Mail arrives: Created, NewMail, Modified(folder), in the order seen in traces.</summary>
    public void Delivered(SimulatedItem item)
    {
        Item(MailboxEventType.Created, item);
        Item(MailboxEventType.NewMail, item);
        ContentsChanged(item.Folder);
    }

    /// <summary>A client makes an item; that is no new mail, wherever it is put.</summary>
    public void Created(SimulatedItem item)
    {
        Item(MailboxEventType.Created, item);
        FreeBusy(item);
        ContentsChanged(item.Folder);
    }

    public void Modified(SimulatedItem item)
    {
        Item(MailboxEventType.Modified, item);
        FreeBusy(item);
        ContentsChanged(item.Folder);
    }

    /// <summary>A copy is told by its folder: as a creation since 2013, as a copy before.</summary>
    public void Copied(SimulatedItem original, SimulatedItem copy)
    {
        if (profile == EventProfile.Exchange2013)
        {
            Created(copy);
            return;
        }

        Raise(copy.Folder.Mailbox, OfItem(MailboxEventType.Copied, copy) with
        {
            OldObject = original.Told,
            OldParentFolder = original.Folder.Told,
        }, EventViews.Both, copy.Folder.Id.Id);
        ContentsChanged(copy.Folder);
    }

    public void Moved(SimulatedItem before, SimulatedItem after)
    {
        var toDeletedItems = profile == EventProfile.Exchange2013 && after.Folder.DistinguishedName == "deleteditems";
        ItemMoved(before, after, toDeletedItems ? EventViews.Listed : EventViews.Both);
        if (toDeletedItems)
        {
            // To a subscription to all folders this is no move: it hears AllItems lose one item and gain another.
            InAllItems(MailboxEventType.Deleted, before);
            InAllItems(MailboxEventType.Created, after);
        }

        FreeBusy(after);
        ContentsChanged(before.Folder);
        if (after.Folder.Mailbox == before.Folder.Mailbox)
        {
            ContentsChanged(after.Folder);
        }
    }

    public void HardDeleted(SimulatedItem item)
    {
        Item(MailboxEventType.Deleted, item);
        if (profile == EventProfile.Exchange2013)
        {
            InAllItems(MailboxEventType.Deleted, item);
        }

        ContentsChanged(item.Folder);
    }

    /// <summary>A soft deletion is a move to the dumpster, which all-folder subscriptions and Exchange 2010 call a deletion.</summary>
    public void SoftDeleted(SimulatedItem before, SimulatedItem after)
    {
        if (profile == EventProfile.Exchange2010)
        {
            Item(MailboxEventType.Deleted, before);
        }
        else
        {
            ItemMoved(before, after, EventViews.Listed);
            Raise(before.Folder.Mailbox, OfItem(MailboxEventType.Deleted, before), EventViews.All, before.Folder.Id.Id);
            InAllItems(MailboxEventType.Deleted, before);
        }

        ContentsChanged(before.Folder);
    }

    public void Created(SimulatedFolder folder)
    {
        Folder(MailboxEventType.Created, folder);
        Folder(MailboxEventType.Modified, folder.Parent);
    }

    public void Renamed(SimulatedFolder folder) => Folder(MailboxEventType.Modified, folder);

    /// <summary>A folder moves: itself, its old parent and its new one are modified too.</summary>
    public void Moved(SimulatedFolder folder, SimulatedFolder from)
    {
        var views = profile == EventProfile.Exchange2013 && folder.Parent?.DistinguishedName == "deleteditems" ? EventViews.Listed : EventViews.Both;
        Raise(folder.Mailbox, OfFolder(MailboxEventType.Moved, folder) with
        {
            OldObject = folder.Told,
            OldParentFolder = from.Told,
        }, views, folder.Id.Id, from.Id.Id, folder.Parent?.Id.Id ?? "");
        if (views == EventViews.Both)
        {
            Folder(MailboxEventType.Modified, folder);
        }

        Folder(MailboxEventType.Modified, from);
        Folder(MailboxEventType.Modified, folder.Parent);
    }

    public void Deleted(SimulatedFolder folder)
    {
        Folder(MailboxEventType.Deleted, folder);
        Folder(MailboxEventType.Modified, folder.Parent);
    }

    private void ItemMoved(SimulatedItem before, SimulatedItem after, EventViews views) =>
        Raise(before.Folder.Mailbox, OfItem(MailboxEventType.Moved, after) with
        {
            OldObject = before.Told,
            OldParentFolder = before.Folder.Told,
        }, views, before.Folder.Id.Id, after.Folder.Id.Id);

    private void Item(MailboxEventType type, SimulatedItem item) =>
        Raise(item.Folder.Mailbox, OfItem(type, item), EventViews.Both, item.Folder.Id.Id);

    private void InAllItems(MailboxEventType type, SimulatedItem item)
    {
        var allItems = item.Folder.Mailbox.Distinguished["allitems"];
        Raise(item.Folder.Mailbox, OfItem(type, item) with { ParentFolder = allItems.Told }, EventViews.All, allItems.Id.Id);
    }

    private void FreeBusy(SimulatedItem item)
    {
        if (item.Kind == "CalendarItem")
        {
            Item(MailboxEventType.FreeBusyChanged, item);
        }
    }

    private void ContentsChanged(SimulatedFolder folder) => Raise(
        folder.Mailbox,
        OfFolder(MailboxEventType.Modified, folder) with { UnreadCount = folder.ToldUnreadCount },
        EventViews.Both,
        folder.Id.Id);

    private void Folder(MailboxEventType type, SimulatedFolder? folder)
    {
        if (folder is not null)
        {
            var told = type == MailboxEventType.Modified ? folder.ToldUnreadCount : null;
            Raise(folder.Mailbox, OfFolder(type, folder) with { UnreadCount = told }, EventViews.Both, folder.Id.Id, folder.Parent?.Id.Id ?? "");
        }
    }

    private static MailboxEvent OfItem(MailboxEventType type, SimulatedItem item) => new()
    {
        Type = type,
        Object = item.Told,
        ParentFolder = item.Folder.Told,
    };

    private static MailboxEvent OfFolder(MailboxEventType type, SimulatedFolder folder) => new()
    {
        Type = type,
        IsFolder = true,
        Object = folder.Told,
        ParentFolder = folder.Parent?.Told ?? folder.Told,
    };

    private void Raise(SimulatedMailbox mailbox, MailboxEvent item, EventViews views, params IReadOnlyList<string> concerns) =>
        database.Log(mailbox, item, views, concerns);
}
