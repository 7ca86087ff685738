using Relay.ExchangeSimulator;
using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Exchange;

/// <summary>
/// What really happened in one mailbox, taken from the simulator as it happens, and the judgement whether the relay's log tells it.
/// Two kinds of event are not counted: those in search folders, which cannot be synchronised and repeat what the item's own folder tells,
/// and the Modified of a folder that goes with every change in it.
/// </summary>
/// <param name="folders">Those that are watched.</param>
/// <param name="allFolders">Somebody listens to all folders, and so to search folders too; else only to the watched ones.</param>
internal sealed class CampaignLedger(ExchangeSimulatorServer server, string mailbox, IReadOnlySet<string> folders, bool allFolders)
{
    private readonly List<MailboxEvent> _events = [];

    // A move to the deleted items is told only by the search folder over all items: there alone an item is seen to leave.
    private readonly HashSet<string> _left = [];
    private int _taken;

    public int Count => _events.Count;

    /// <summary>To be called before anything makes the server forget.</summary>
    public void Take()
    {
        var all = server.EventsOf(mailbox);
        _events.AddRange(all.Skip(_taken).Where(Counts));
        _left.UnionWith(all.Skip(_taken).Where(item => item.Type == MailboxEventType.Deleted).Select(item => item.Object.Id));
        _left.UnionWith(all.Skip(_taken).Where(item => item.Type == MailboxEventType.Moved).Select(item => item.OldObject!.Value.Id));
        _taken = all.Count;
    }

    public void ForgetEvents()
    {
        Take();
        server.ForgetEvents(mailbox);
        _taken = server.EventsOf(mailbox).Count;
    }

    /// <summary>One sentence for each event that is neither told nor covered, or told twice.</summary>
    public IReadOnlyList<string> Judge(IReadOnlyList<LoggedEvent> log)
    {
        var faults = new List<string>();
        var streamed = log.Where(entry => !entry.CaughtUp && entry.Gap is null && Counts(entry.Event)).Select(entry => entry.Event).ToList();
        var told = streamed.CountBy(Key).ToDictionary();
        faults.AddRange(_events.CountBy(Key).Where(same => told.GetValueOrDefault(same.Key) > same.Value)
            .Select(same => $"{same.Key} happened {same.Value} times and is told {told[same.Key]} times."));

        // An event that was told and one that was covered are told apart by their second.
        var toldThen = streamed.CountBy(item => (Key(item), Second(item))).ToDictionary();
        foreach (var same in _events.GroupBy(item => (Key(item), Second(item))))
        {
            var count = toldThen.GetValueOrDefault(same.Key);
            if (count < same.Count() && same.Count(item => !IsCovered(item, log)) > count)
            {
                faults.Add($"{same.Key} happened {same.Count()} times and is told {count} times; nothing covers the rest. {Describe(same.First(), log)}");
            }
        }

        faults.AddRange(log.Where(entry => entry.Event is { Type: MailboxEventType.Created, IsFolder: false })
            .GroupBy(entry => Key(entry.Event)).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key} is told {group.Count()} times."));
        return faults;
    }

    /// <summary>For whoever looks for the fault: when it was, what the log tells of the object, and the gaps near it.</summary>
    private static string Describe(MailboxEvent item, IReadOnlyList<LoggedEvent> log)
    {
        var about = log.Where(entry => entry.Event.Object.Id == item.Object.Id || entry.Event.OldObject?.Id == item.Object.Id)
            .Select(entry => $"{(entry.CaughtUp ? "+" : "")}{entry.Event.Type} {entry.Event.TimeStamp:HH:mm:ss.f} in {entry.Event.ParentFolder.Id[^12..]}");
        var gaps = log.Where(entry => entry.Gap is { } gap && gap.To > item.TimeStamp.AddSeconds(-10) && gap.From < item.TimeStamp.AddSeconds(10))
            .Select(entry => $"{entry.Gap!.From:HH:mm:ss.f}-{entry.Gap.To:HH:mm:ss.f} of {entry.Gap.FolderId?[^12..]}");
        return $"At {item.TimeStamp:HH:mm:ss}; the log tells {string.Join(", ", about)}; gaps {string.Join(", ", gaps)}.";
    }

    /// <summary>A later caught-up change of the object, a gap around the event, or an object that came and went unseen.</summary>
    private bool IsCovered(MailboxEvent item, IReadOnlyList<LoggedEvent> log)
    {
        var about = log.Where(entry => entry.Event.Object.Id == item.Object.Id || entry.Event.OldObject?.Id == item.Object.Id).ToList();
        var isGone = _left.Contains(item.Object.Id);
        var isSaidToBeThere = about.Any(entry => IsHeard(entry.Event) && Arrives(entry.Event, item.Object.Id)) && !about.Any(entry => Leaves(entry.Event, item.Object.Id));
        return about.Any(entry => entry.CaughtUp && entry.Event.TimeStamp >= item.TimeStamp)
            || (isGone && !isSaidToBeThere && item.Type != MailboxEventType.Moved)
            || (item.Type == MailboxEventType.Moved && IsMoveCovered(item, log))
            || log.Any(entry => entry.Gap is { } gap && (gap.From ?? default) <= item.TimeStamp.AddSeconds(1) && item.TimeStamp <= gap.To);
    }

    /// <summary>A move is told by its two halves; a half that came and went unseen needs none.</summary>
    private bool IsMoveCovered(MailboxEvent move, IReadOnlyList<LoggedEvent> log)
    {
        var old = move.OldObject!.Value.Id;
        var isOldOpen = log.Any(entry => IsHeard(entry.Event) && Arrives(entry.Event, old)) && !log.Any(entry => Leaves(entry.Event, old));
        var isNewTold = log.Any(entry => Counts(entry.Event) && Arrives(entry.Event, move.Object.Id)) || _left.Contains(move.Object.Id);
        return !isOldOpen && isNewTold;
    }

    /// <summary>Whether anybody is told of it: whoever listens to listed folders alone does not hear of search folders.</summary>
    private bool IsHeard(MailboxEvent item) => allFolders || folders.Contains(item.ParentFolder.Id);

    private bool Counts(MailboxEvent item) => !item.IsFolder && folders.Contains(item.ParentFolder.Id);

    private static bool Arrives(MailboxEvent item, string id) => item.Object.Id == id
        && item.Type is MailboxEventType.Created or MailboxEventType.Copied or MailboxEventType.Moved or MailboxEventType.NewMail;

    private static bool Leaves(MailboxEvent item, string id) =>
        (item.Object.Id == id && item.Type == MailboxEventType.Deleted) || (item.OldObject?.Id == id && item.Type == MailboxEventType.Moved);

    /// <summary>As events have them on the wire.</summary>
    private static long Second(MailboxEvent item) => item.TimeStamp.ToUnixTimeSeconds();

    private static string Key(MailboxEvent item) => $"{item.Type} {item.Object.Id[^12..]} in {item.ParentFolder.Id[^12..]}";
}
