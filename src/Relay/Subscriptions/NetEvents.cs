using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>
/// Several events of one object become their net effect: what came and was changed, came; what was moved twice, was moved once; what came and went
/// leaves nothing. What was moved and changed is told as both. The filter has been applied before: it is the net of what the subscription asked for.
/// </summary>
/// <remarks>
/// An event stands where the first of its kind and object stood, and its position is such that everything up to it is told: the one before the first event
/// of the next. Whoever goes on from there is told some events again, and misses none. A page that is cut (<see cref="EventPage.First"/>) is made
/// anew of what happened up to the cut, so that mails tell nothing twice.
/// </remarks>
internal sealed class NetEvents(int most)
{
    private readonly List<Net> _nets = [];
    private readonly Dictionary<(bool IsFolder, bool IsFreeBusy, string Id), List<Net>> _open = [];
    private int _told;

    /// <param name="page">As the log tells it.</param>
    /// <param name="most">The page ends before it would tell more than this.</param>
    public static EventPage Of(EventPage page, int most = int.MaxValue)
    {
        var nets = new NetEvents(most);
        var source = page.Events.TakeWhile(nets.Take).ToList();
        var whole = source.Count == page.Events.Count ? page : page with { Events = source, ReadTo = source[^1].Position, More = true };
        return whole with { Events = nets.Result(whole.Last), Source = source };
    }

    // False where there is no room for another.
    private bool Take(LoggedEvent logged)
    {
        var e = logged.Event;
        var key = Key(e, e is { Type: MailboxEventType.Moved, OldObject: { } old } ? old.Id : e.Object.Id);
        var known = e.Type == MailboxEventType.Copied ? null : _open.GetValueOrDefault(key);
        bool opens = known is null || IsOfAnotherKind(known, e);
        if (opens && _told == most)
        {
            return false;
        }

        var chain = known ?? [];
        if (opens)
        {
            chain.Add(new Net(logged));
            _nets.Add(chain[^1]);
            _told++;
        }
        else
        {
            Combine(chain, logged);
        }

        if (known is not null)
        {
            _open.Remove(key);
        }

        if (e.Type != MailboxEventType.Deleted)
        {
            _open[Key(e, chain[^1].Event!.Object.Id)] = chain;
        }

        return true;
    }

    // A move does not say that something else was changed, nor the other way round.
    private static bool IsOfAnotherKind(List<Net> chain, MailboxEvent e) => (chain[^1].Event!.Type, e.Type) switch
    {
        (MailboxEventType.Moved, MailboxEventType.Modified) => true,
        (MailboxEventType.Modified, MailboxEventType.Moved) => chain.Count == 1,
        _ => false,
    };

    private void Combine(List<Net> chain, LoggedEvent logged)
    {
        var e = logged.Event;
        if (e.Type == MailboxEventType.Deleted)
        {
            _told -= chain.Count;
            chain[0].Take(logged, WhenDeleted(chain[0].Event!, e));
            chain.Skip(1).ToList().ForEach(net => net.Event = null);
            _told += chain[0].Event is null ? 0 : 1;
        }
        else if (e.Type == MailboxEventType.Moved && chain is [.., var moved, { Event: { Type: MailboxEventType.Modified } modified } last])
        {
            moved.Take(logged, Combine(moved.Event!, e));
            last.Take(logged, modified with { Object = e.Object, ParentFolder = e.ParentFolder });
        }
        else
        {
            chain[^1].Take(logged, Combine(chain[^1].Event!, e));
        }
    }

    private List<LoggedEvent> Result(LogPosition last)
    {
        var told = _nets.Where(net => net.Event is not null).ToList();
        return [.. told.Select((net, index) => net.First with
        {
            Event = net.Event! with { TimeStamp = net.Last.Event.TimeStamp },
            CaughtUp = net.CaughtUp,
            Position = index + 1 < told.Count ? new LogPosition(told[index + 1].First.Position.Value - 1) : last,
        })];
    }

    private static bool IsArrival(MailboxEvent e) => e.Type is MailboxEventType.Created or MailboxEventType.NewMail or MailboxEventType.Copied;

    // The subscriber knows it under the name that it had.
    private static MailboxEvent? WhenDeleted(MailboxEvent first, MailboxEvent e) => first switch
    {
        _ when IsArrival(first) => null,
        { OldObject: { } known, OldParentFolder: { } folder } => e with { Object = known, ParentFolder = folder },
        _ when first.Object.Id == e.Object.Id => e,
        _ => e with { Object = first.Object, ParentFolder = first.ParentFolder },
    };

    private static MailboxEvent Combine(MailboxEvent before, MailboxEvent e) => (before.Type, e.Type) switch
    {
        (MailboxEventType.Created, MailboxEventType.NewMail) => e,
        (_, MailboxEventType.Moved) when IsArrival(before) => before with { Object = e.Object, ParentFolder = e.ParentFolder },
        _ when IsArrival(before) => before with { Object = e.Object },
        (MailboxEventType.Moved, MailboxEventType.Moved) => e with { OldObject = before.OldObject, OldParentFolder = before.OldParentFolder },
        _ => e,
    };

    private static (bool IsFolder, bool IsFreeBusy, string Id) Key(MailboxEvent e, string id) =>
        (e.IsFolder, e.Type == MailboxEventType.FreeBusyChanged, id);

    private sealed class Net(LoggedEvent first)
    {
        public LoggedEvent First { get; } = first;

        public LoggedEvent Last { get; private set; } = first;

        public MailboxEvent? Event { get; set; } = first.Event;

        public bool CaughtUp { get; private set; } = first.CaughtUp;

        public void Take(LoggedEvent logged, MailboxEvent? told)
        {
            Last = logged;
            Event = told;
            CaughtUp |= logged.CaughtUp;
        }
    }
}
