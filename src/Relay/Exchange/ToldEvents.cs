using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// What the log tells of a mailbox since its sync states: the other half of a net change. Of an item that came after the state and went
/// again, SyncFolderItems says nothing, and of one that came and was changed, only that it came; the log may tell that it came.
/// </summary>
/// <remarks>
/// When a net change may go untold, and a sync state move forward past it. Arriving and leaving happen once under one id and are recognised by
/// it. A change does not: all that SyncFolderItems says is that an item is not as it was and at which second it changed last, and an event
/// names no version either. Two changes in one second look like one, and the log may tell the first while the second is still in the server's
/// queue, in an answer under way, or lost with it. So an event of that second proves nothing by itself. It proves that the last change is told
/// where
/// <list type="bullet">
/// <item>a caught-up entry carries the version (ChangeKey) that the item has now; or</item>
/// <item>the log is unbroken since the state, and another event follows that happened clearly later. A subscription tells in order, so what
/// happened before is told. The log breaks where a subscription is replaced or admits that it has missed events
/// (<see cref="IWatchTable.MarkBreak"/>), and after the first break since a state nothing is proved until a later state holds what is missing; or</item>
/// <item>the log is known to be complete up to the moment of the synchronisation (<see cref="Advance"/>), which quiet alone does not show: an
/// answer that does not come is quiet too.</item>
/// </list>
/// In doubt a change is told twice, the second time marked as caught up.
/// </remarks>
internal sealed class ToldEvents
{
    private const int PageSize = 1000;

    /// <summary>Of events that are told in order, one that is this much later happened later: a time stamp has whole seconds.</summary>
    internal static readonly TimeSpan ClearlyLater = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, LoggedEvent> _lastChanges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Object, string Parent), LoggedEvent> _arrivals = [];
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly List<(LogPosition Position, DateTimeOffset Time)> _asTheyHappened = [];

    private ToldEvents()
    {
    }

    /// <summary>The latest time stamp of an event that was told as it happened.</summary>
    internal DateTimeOffset LastTime => _asTheyHappened.Count == 0 ? default : _asTheyHappened.Max(told => told.Time);

    internal static ToldEvents Read(IStoreTransaction transaction, long mailboxId, LogPosition after)
    {
        var told = new ToldEvents();
        IReadOnlyList<LoggedEvent> page;
        do
        {
            page = transaction.Events.After(mailboxId, after, PageSize);
            foreach (var entry in page)
            {
                told.Add(entry);
            }

            after = page.Count > 0 ? page[^1].Position : after;
        }
        while (page.Count == PageSize);
        return told;
    }

    internal bool TellsChange(string itemId, LogPosition since) => _lastChanges.TryGetValue(itemId, out var last) && last.Position > since;

    /// <summary>Whether what is told of an item since its folder's state surely includes its last change; see the remarks.</summary>
    /// <param name="item">The item as the server has it now, with its change key.</param>
    /// <param name="lastModified">When it changed last, by the server's clock, as time stamps are; null when not known.</param>
    /// <param name="folder">Whose state it is.</param>
    /// <param name="isComplete">All that happened before the synchronisation is in the log if it is ever told.</param>
    internal bool TellsLastChange(EwsId item, DateTimeOffset? lastModified, WatchedFolder folder, bool isComplete)
    {
        if (item.ChangeKey is not null && _versions.GetValueOrDefault(item.Id) == item.ChangeKey)
        {
            return true;
        }

        if (!_lastChanges.TryGetValue(item.Id, out var last) || last.Position <= folder.SyncedPosition || last.CaughtUp)
        {
            return false;
        }

        return lastModified is { } modified
            ? WholeSecond(modified) <= WholeSecond(last.Event.TimeStamp) && (isComplete || IsFollowed(last, folder.BrokenAt))
            : isComplete;
    }

    /// <summary>Items that are told to have come to a folder since a state, and not told to have left.</summary>
    internal IEnumerable<string> ArrivedIn(string folderId, LogPosition since) => _arrivals
        .Where(arrival => arrival.Key.Parent == folderId && arrival.Value.Position > since && !arrival.Value.Event.IsFolder)
        .Select(arrival => arrival.Key.Object);

    /// <summary>Items that are told since a place to have come to folders other than these, and not told to have left any; each with the folder.</summary>
    internal IEnumerable<(string Item, string Folder)> ArrivedElsewhere(IReadOnlySet<string> folders, LogPosition since) => _arrivals
        .Where(arrival => arrival.Value.Position > since && !arrival.Value.Event.IsFolder)
        .Where(arrival => !folders.Contains(arrival.Key.Parent) && !_gone.Contains(arrival.Key.Object))
        .Select(arrival => arrival.Key);

    /// <summary>Folders that are told to have come since a state, and not told to have gone.</summary>
    internal IEnumerable<string> NewFolders(LogPosition since) => _arrivals.Values
        .Where(arrival => arrival.Position > since && arrival.Event.IsFolder)
        .Select(arrival => arrival.Event.Object.Id)
        .Distinct();

    /// <summary>Something clearly later is told after this, and the log does not break between the state and there.</summary>
    private bool IsFollowed(LoggedEvent last, LogPosition? brokenAt)
    {
        for (var i = _asTheyHappened.Count - 1; i >= 0 && _asTheyHappened[i].Position > last.Position; i--)
        {
            var (position, time) = _asTheyHappened[i];
            if ((brokenAt is not { } end || position <= end) && time >= WholeSecond(last.Event.TimeStamp) + ClearlyLater)
            {
                return true;
            }
        }

        return false;
    }

    private void Add(LoggedEvent entry)
    {
        if (entry.Gap is not null)
        {
            return;
        }

        if (!entry.CaughtUp)
        {
            _asTheyHappened.Add((entry.Position, entry.Event.TimeStamp));
        }
        else if (entry.Event.Object.ChangeKey is { } version)
        {
            _versions[entry.Event.Object.Id] = version;
        }

        (string Object, string Parent) place = (entry.Event.Object.Id, entry.Event.ParentFolder.Id);
        switch (entry.Event.Type)
        {
            case MailboxEventType.Created or MailboxEventType.Copied or MailboxEventType.NewMail:
                Arrive(place, entry);
                break;
            case MailboxEventType.Moved:
                _arrivals.Remove((entry.Event.OldObject?.Id ?? "", entry.Event.OldParentFolder?.Id ?? ""));
                _gone.Add(entry.Event.OldObject?.Id ?? "");
                Arrive(place, entry);
                break;
            case MailboxEventType.Modified:
                _lastChanges[place.Object] = entry;
                break;
            case MailboxEventType.Deleted:
                _arrivals.Remove(place);
                _gone.Add(place.Object);
                break;
            default:
                break;
        }
    }

    private void Arrive((string Object, string Parent) place, LoggedEvent entry)
    {
        _gone.Remove(place.Object);
        _arrivals[place] = entry;
        _lastChanges[place.Object] = entry;
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerSecond));
}
