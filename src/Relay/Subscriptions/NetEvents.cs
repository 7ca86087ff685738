using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>
/// Several events of one object become their net effect: what came and was changed, came; what was moved twice, was moved once; what came and went
/// leaves nothing. The filter has been applied before: it is the net of what the subscription asked for.
/// </summary>
/// <remarks>
/// An event stands where the first of its object stood, and its position is such that everything up to it is told: the one before the first event
/// of the next object. Whoever goes on from there is told some events again, and misses none.
/// </remarks>
internal sealed class NetEvents
{
    private readonly List<Net> _nets = [];
    private readonly Dictionary<(bool IsFolder, bool IsFreeBusy, string Id), Net> _open = [];

    public static EventPage Of(EventPage page)
    {
        var nets = new NetEvents();
        foreach (var logged in page.Events)
        {
            nets.Take(logged);
        }

        return page with { Events = nets.Result(page.Last) };
    }

    private void Take(LoggedEvent logged)
    {
        var e = logged.Event;
        string before = e is { Type: MailboxEventType.Moved, OldObject: { } old } ? old.Id : e.Object.Id;
        if (e.Type == MailboxEventType.Copied || !_open.Remove(Key(e, before), out var net))
        {
            net = new Net(logged);
            _nets.Add(net);
        }
        else
        {
            net.Last = logged;
            net.Event = Combine(net.Event!, e);
            net.CaughtUp |= logged.CaughtUp;
        }

        if (net.Event is not null and not { Type: MailboxEventType.Deleted })
        {
            _open[Key(e, net.Event.Object.Id)] = net;
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

    private static MailboxEvent? Combine(MailboxEvent before, MailboxEvent e) => (before.Type, e.Type) switch
    {
        (MailboxEventType.Created or MailboxEventType.NewMail or MailboxEventType.Copied, MailboxEventType.Deleted) => null,
        (MailboxEventType.Created, MailboxEventType.NewMail) => e,
        (MailboxEventType.Created or MailboxEventType.NewMail or MailboxEventType.Copied, MailboxEventType.Moved) =>
            before with { Object = e.Object, ParentFolder = e.ParentFolder },
        (MailboxEventType.Created or MailboxEventType.NewMail or MailboxEventType.Copied, _) => before with { Object = e.Object },
        (MailboxEventType.Moved, MailboxEventType.Modified) => before with { Object = e.Object },
        (MailboxEventType.Moved, MailboxEventType.Moved) => e with { OldObject = before.OldObject, OldParentFolder = before.OldParentFolder },
        // The subscriber knows it under the name that it had.
        (MailboxEventType.Moved, MailboxEventType.Deleted) when before is { OldObject: { } known, OldParentFolder: { } folder } =>
            e with { Object = known, ParentFolder = folder },
        _ => e,
    };

    private static (bool IsFolder, bool IsFreeBusy, string Id) Key(MailboxEvent e, string id) =>
        (e.IsFolder, e.Type == MailboxEventType.FreeBusyChanged, id);

    private sealed class Net(LoggedEvent first)
    {
        public LoggedEvent First { get; } = first;

        public LoggedEvent Last { get; set; } = first;

        public MailboxEvent? Event { get; set; } = first.Event;

        public bool CaughtUp { get; set; } = first.CaughtUp;
    }
}
