using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>A folder and the ids of what it holds. Touched only under the gate of the database.</summary>
internal sealed class SimulatedFolder(SimulatedMailbox mailbox, EwsId id, long number, string? distinguishedName, string kind, string folderClass)
{
    /// <summary>The stub that names a folder in a notification, where the change key tells no version.</summary>
    public const string Stub = "AQAAAA==";

    // In the order of arrival, which is what an unsorted view shows.
    private readonly LinkedList<SimulatedItem> _items = [];
    private readonly Dictionary<string, LinkedListNode<SimulatedItem>> _nodes = [];

    public SimulatedMailbox Mailbox { get; } = mailbox;

    public EwsId Id { get; private set; } = id;

    public long Number { get; } = number;

    public string? DistinguishedName { get; } = distinguishedName;

    /// <summary>The element's name: Folder, CalendarFolder, ContactsFolder, TasksFolder or SearchFolder.</summary>
    public string Kind { get; } = kind;

    public string FolderClass { get; } = folderClass;

    public string Name { get; private set; } = "";

    public SimulatedFolder? Parent { get; private set; }

    public IReadOnlyCollection<SimulatedItem> Items => _items;

    public int UnreadCount { get; private set; }

    /// <summary>Only mail is counted as unread; a calendar tells no count at all.</summary>
    public int? ToldUnreadCount => Kind is "Folder" or "TasksFolder" ? UnreadCount : null;

    public bool IsSearchFolder => Kind == "SearchFolder";

    public EwsId Told => Id with { ChangeKey = Stub };

    public void Place(string name, SimulatedFolder? parent)
    {
        Name = name;
        Parent = parent;
    }

    public void NewVersion(string changeKey) => Id = Id with { ChangeKey = changeKey };

    public bool IsUnder(SimulatedFolder ancestor)
    {
        for (var folder = Parent; folder is not null; folder = folder.Parent)
        {
            if (folder == ancestor)
            {
                return true;
            }
        }

        return false;
    }

    public void Put(SimulatedItem item)
    {
        if (_nodes.TryGetValue(item.Id.Id, out var node))
        {
            UnreadCount -= node.Value.CountsAsUnread ? 1 : 0;
            node.Value = item;
        }
        else
        {
            _nodes.Add(item.Id.Id, _items.AddLast(item));
        }

        UnreadCount += item.CountsAsUnread ? 1 : 0;
    }

    public void Remove(SimulatedItem item)
    {
        if (_nodes.Remove(item.Id.Id, out var node))
        {
            _items.Remove(node);
            UnreadCount -= node.Value.CountsAsUnread ? 1 : 0;
        }
    }
}
