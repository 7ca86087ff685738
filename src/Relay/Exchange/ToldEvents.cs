using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// What the log tells of a mailbox since its sync states: the other half of a net change. Of an item that came after the state and went
/// again, SyncFolderItems says nothing, and of one that came and was changed, only that it came; the log may tell that it came.
/// </summary>
internal sealed class ToldEvents
{
    private const int PageSize = 1000;

    /// <summary>Events of one second are told within this; a time stamp has whole seconds.</summary>
    private static readonly TimeSpan OneTick = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, LoggedEvent> _lastChanges = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Object, string Parent), LoggedEvent> _arrivals = [];
    private DateTimeOffset _lastStreamed;

    private ToldEvents(LogPosition end) => End = end;

    /// <summary>The end of the log when it was read: a state that is asked for later holds all that is told up to here.</summary>
    internal LogPosition End { get; }

    internal static ToldEvents Read(IStoreTransaction transaction, long mailboxId, LogPosition after)
    {
        var told = new ToldEvents(transaction.Events.End());
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

    /// <summary>Whether what is told of an item since a state includes its last change.</summary>
    /// <param name="item">The item as the server has it now, with its change key.</param>
    /// <param name="lastModified">When it changed last, by the server's clock, as time stamps are.</param>
    /// <param name="since">Where the state stands in the log.</param>
    /// <param name="isSettled">Nothing is under way: whatever happened up to the last event told is told.</param>
    internal bool TellsLastChange(EwsId item, DateTimeOffset? lastModified, LogPosition since, bool isSettled)
    {
        if (!_lastChanges.TryGetValue(item.Id, out var last) || last.Position <= since)
        {
            return false;
        }

        if (last.CaughtUp)
        {
            // Caught-up events carry the version that was found.
            return item.ChangeKey is not null && last.Event.Object.ChangeKey == item.ChangeKey;
        }

        return lastModified is { } modified
            && WholeSecond(modified) <= WholeSecond(last.Event.TimeStamp)
            && (isSettled || _lastStreamed >= last.Event.TimeStamp + OneTick);
    }

    /// <summary>Items that are told to have come to a folder since a state, and not told to have left.</summary>
    internal IEnumerable<string> ArrivedIn(string folderId, LogPosition since) => _arrivals
        .Where(arrival => arrival.Key.Parent == folderId && arrival.Value.Position > since && !arrival.Value.Event.IsFolder)
        .Select(arrival => arrival.Key.Object);

    /// <summary>Folders that are told to have come since a state, and not told to have gone.</summary>
    internal IEnumerable<string> NewFolders(LogPosition since) => _arrivals.Values
        .Where(arrival => arrival.Position > since && arrival.Event.IsFolder)
        .Select(arrival => arrival.Event.Object.Id)
        .Distinct();

    private void Add(LoggedEvent entry)
    {
        if (!entry.CaughtUp && entry.Gap is null && entry.Event.TimeStamp > _lastStreamed)
        {
            _lastStreamed = entry.Event.TimeStamp;
        }

        var place = (entry.Event.Object.Id, entry.Event.ParentFolder.Id);
        switch (entry.Event.Type)
        {
            case MailboxEventType.Created or MailboxEventType.Copied or MailboxEventType.NewMail:
                _arrivals[place] = entry;
                _lastChanges[place.Item1] = entry;
                break;
            case MailboxEventType.Moved:
                _arrivals.Remove((entry.Event.OldObject?.Id ?? "", entry.Event.OldParentFolder?.Id ?? ""));
                _arrivals[place] = entry;
                _lastChanges[place.Item1] = entry;
                break;
            case MailboxEventType.Modified:
                _lastChanges[place.Item1] = entry;
                break;
            case MailboxEventType.Deleted:
                _arrivals.Remove(place);
                break;
            default:
                break;
        }
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerSecond));
}
