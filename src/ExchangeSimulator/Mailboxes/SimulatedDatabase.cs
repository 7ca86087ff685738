using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>
/// All mailboxes, one event counter for them, and the gate under which everything here is touched. Where nothing else is configured any
/// address is a mailbox, made at its first mention.
/// </summary>
internal sealed class SimulatedDatabase
{
    private readonly Dictionary<string, SimulatedMailbox> _mailboxes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SimulatedFolder> _folders = [];
    private readonly Dictionary<string, SimulatedItem> _items = [];
    private readonly HashSet<string>? _allowed;
    private readonly int _eventsHeld;
    private readonly TimeSpan _eventsKept;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private long _counter = 1000;

    public SimulatedDatabase(ExchangeSimulatorOptions options, TimeProvider time, Random random)
    {
        _allowed = options.Mailboxes is { } allowed ? new(allowed, StringComparer.OrdinalIgnoreCase) : null;
        _eventsHeld = options.EventsHeld;
        _eventsKept = options.EventsKept;
        _time = time;
        _random = random;
        Id = NewGuid();
    }

    public Lock Gate { get; } = new();

    /// <summary>Part of watermarks and sync states: they are worth nothing in another database.</summary>
    public Guid Id { get; private set; }

    public long Counter => _counter;

    public DateTimeOffset Now => _time.GetUtcNow();

    public IReadOnlyCollection<SimulatedMailbox> Mailboxes => _mailboxes.Values;

    public Guid NewGuid()
    {
        Span<byte> octets = stackalloc byte[16];
        _random.NextBytes(octets);
        return new Guid(octets);
    }

    /// <summary>The next number. There are holes, so that nobody relies on adding one.</summary>
    public long NextNumber() => _counter += _random.Next(1, 30);

    /// <summary>The mailbox of an address; null where the options do not name it, or the text is no address.</summary>
    public SimulatedMailbox? Find(string address)
    {
        if (_mailboxes.TryGetValue(address, out var mailbox))
        {
            return mailbox;
        }

        if (string.IsNullOrWhiteSpace(address) || (_allowed is not null && !_allowed.Contains(address)))
        {
            return null;
        }

        mailbox = new SimulatedMailbox(address, NewGuid());
        _mailboxes.Add(address, mailbox);
        foreach (var (name, displayName, parent, kind, folderClass) in DefaultFolders.All)
        {
            var folder = AddFolder(mailbox, displayName, parent is null ? null : mailbox.Distinguished[parent], kind, folderClass, name);
            mailbox.Distinguished.Add(name, folder);
        }

        return mailbox;
    }

    public bool TryFolder(string id, [NotNullWhen(true)] out SimulatedFolder? folder) => _folders.TryGetValue(id, out folder);

    public bool TryItem(string id, [NotNullWhen(true)] out SimulatedItem? item) => _items.TryGetValue(id, out item);

    public SimulatedFolder AddFolder(
        SimulatedMailbox mailbox, string name, SimulatedFolder? parent, string kind, string folderClass, string? distinguishedName = null)
    {
        var number = NextNumber();
        var id = new EwsId(
            ObjectIds.Create(mailbox.Id, Id, number, isFolder: true), ObjectIds.ChangeKey(SimulatedFolder.Stub, Id, number));
        var folder = new SimulatedFolder(mailbox, id, number, distinguishedName, kind, folderClass);
        folder.Place(name, parent);
        mailbox.Folders.Add(folder);
        _folders.Add(id.Id, folder);
        Record(mailbox.FolderChanges, parent?.Id.Id ?? "", id.Id, ObjectChangeKind.Added);
        return folder;
    }

    public void Changed(SimulatedFolder folder)
    {
        folder.NewVersion(ObjectIds.ChangeKey(SimulatedFolder.Stub, Id, NextNumber()));
        Record(folder.Mailbox.FolderChanges, folder.Parent?.Id.Id ?? "", folder.Id.Id, ObjectChangeKind.Changed);
    }

    public void Remove(SimulatedFolder folder)
    {
        foreach (var item in folder.Items.ToArray())
        {
            Remove(item);
        }

        folder.Mailbox.Folders.Remove(folder);
        _folders.Remove(folder.Id.Id);
        Record(folder.Mailbox.FolderChanges, folder.Parent?.Id.Id ?? "", folder.Id.Id, ObjectChangeKind.Removed);
    }

    /// <summary>Puts content into a folder under a new id.</summary>
    public SimulatedItem Add(SimulatedFolder folder, XElement content)
    {
        var number = NextNumber();
        var item = new SimulatedItem(new EwsId(ObjectIds.Create(folder.Mailbox.Id, Id, number, isFolder: false)), folder, content);
        item = item with { Id = item.Id with { ChangeKey = ObjectIds.ChangeKey(item.Stub, Id, number) } };
        Put(item, ObjectChangeKind.Added);
        return item;
    }

    /// <summary>Gives an item other content, and so another version.</summary>
    public SimulatedItem Replace(SimulatedItem item, XElement content, ObjectChangeKind kind)
    {
        var replaced = item with
        {
            Id = item.Id with { ChangeKey = ObjectIds.ChangeKey(item.Stub, Id, NextNumber()) },
            Content = content,
        };
        Put(replaced, kind);
        return replaced;
    }

    public void Remove(SimulatedItem item)
    {
        _items.Remove(item.Id.Id);
        item.Folder.Remove(item);
        Record(item.Folder.Mailbox.ItemChanges, item.Folder.Id.Id, item.Id.Id, ObjectChangeKind.Removed);
    }

    /// <summary>Writes a row of the event table.</summary>
    public void Log(SimulatedMailbox mailbox, MailboxEvent item, EventViews views, params IReadOnlyList<string> concerns)
    {
        mailbox.Trim(_eventsHeld, Now - _eventsKept);
        mailbox.Log(new EventTableEntry(NextNumber(), item with { TimeStamp = Now }, views, concerns));
    }

    /// <summary>Makes every watermark and sync state given so far worthless, as a restored database does.</summary>
    public void BecomeAnother() => Id = NewGuid();

    private void Put(SimulatedItem item, ObjectChangeKind kind)
    {
        _items[item.Id.Id] = item;
        item.Folder.Put(item);
        Record(item.Folder.Mailbox.ItemChanges, item.Folder.Id.Id, item.Id.Id, kind);
    }

    private void Record(List<ObjectChange> log, string folder, string id, ObjectChangeKind kind) =>
        log.Add(new ObjectChange(NextNumber(), folder, id, kind));
}
