using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Tests.Subscriptions;

public sealed class NetEventsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<char, MailboxEventType> Types = new()
    {
        ['C'] = MailboxEventType.Created,
        ['N'] = MailboxEventType.NewMail,
        ['M'] = MailboxEventType.Modified,
        ['D'] = MailboxEventType.Deleted,
        ['F'] = MailboxEventType.FreeBusyChanged,
        ['V'] = MailboxEventType.Moved,
        ['K'] = MailboxEventType.Copied,
    };

    // Events as "C a" (created), "N" new mail, "M" modified, "D" deleted, "F" free/busy, "V a b" moved from id a to id b, "K a b" copied; "/" before the
    // id is a folder. The outcome has each event's position behind it.
    public static TheoryData<string, string, string> Tables => new()
    {
        { "what came and was changed, came", "C a, M a, M a", "C a 3" },
        { "new mail says more than created", "C a, N a", "N a 2" },
        { "whichever comes first", "N a, C a", "N a 2" },
        { "what came and went leaves nothing", "C a, M a, D a", "" },
        { "but what was there before is told to be gone", "M a, D a", "D a 2" },
        { "several changes are the last", "M a, M a, M a", "M a 3" },
        { "moved and changed is both: a move does not say that something was changed", "V a b, M b", "V a b 1, M b 2" },
        { "and so is changed and moved", "M a, V a b", "M a 1, V a b 2" },
        { "changed, moved, changed, moved again and changed again", "M a, V a b, M b, V b c, M c", "M a 1, V a c 2, M c 5" },
        { "changed, moved and deleted: gone under the name that is known", "M a, V a b, M b, D b", "D a 4" },
        { "moved, changed, moved and deleted", "V a b, M b, V b c, D c", "D a 4" },
        { "came, was moved, changed and moved, came", "C a, V a b, M b, V b c", "C c 4" },
        { "moved twice, moved once", "V a b, V b c", "V a c 2" },
        { "moved and deleted: gone under the name that is known", "V a b, D b", "D a 2" },
        { "came and was moved, came there", "C a, V a b, M b", "C b 3" },
        { "came, was moved and deleted", "C a, V a b, D b", "" },
        { "a copy is an object of its own", "K a b, M b, M a", "K a b 2, M a 3" },
        { "a copy that is deleted", "K a b, D b", "" },
        { "what is deleted is closed: another may have its id", "D a, C a", "D a 1, C a 2" },
        { "folders and items do not meet", "C a, M /a, D a", "M /a 3" },
        { "free/busy is of its own kind", "M a, F a, F a, M a", "M a 1, F a 4" },
        { "objects stay in the order in which they began, and a position promises no more than what is told up to it", "C a, C b, M a, M c, M b", "C a 1, C b 3, M c 5" },
        { "what vanished is promised by whatever is told before it", "C a, C b, D b, C c", "C a 3, C c 4" },
        { "nothing", "", "" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void Several_events_become_their_net_effect(string why, string happened, string told)
    {
        Assert.NotEmpty(why);
        var events = happened.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select((text, index) => Read(text, index + 1)).ToList();
        var net = NetEvents.Of(new EventPage(events, new LogPosition(events.Count), More: false));
        Assert.Equal(told, string.Join(", ", net.Events.Select(Written)));
        Assert.Equal(events.Count, net.Last.Value);
    }

    // The outcome has the page before the cut and what the rest of the log tells then.
    public static TheoryData<string, string, int, string, string> Cuts => new()
    {
        { "what goes on behind the cut is told there, and not twice", "N a, N b, M a", 1, "N a 1", "N b 2, M a 3" },
        { "what is deleted behind the cut came before it", "C b, C a, C c, D a", 1, "C b 1, C a 2", "C c 3, D a 4" },
        { "a move behind the cut moves what was told", "V a b, N x, V b c", 1, "V a b 1", "N x 2, V b c 3" },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public void A_page_that_is_cut_tells_what_happened_up_to_the_cut_and_no_more(string why, string happened, int count, string told, string rest)
    {
        Assert.NotEmpty(why);
        var events = happened.Split(", ").Select((text, index) => Read(text, index + 1)).ToList();
        var first = NetEvents.Of(new EventPage(events, new LogPosition(events.Count), More: false)).First(count);
        Assert.True(first.More);
        Assert.Equal(told, string.Join(", ", first.Events.Select(Written)));
        var behind = events.SkipWhile(logged => logged.Position.Value <= first.Last.Value).ToList();
        Assert.Equal(rest, string.Join(", ", NetEvents.Of(new EventPage(behind, new LogPosition(events.Count), More: false)).Events.Select(Written)));
    }

    [Fact]
    public void A_page_ends_before_it_tells_more_than_it_may()
    {
        var events = "C a, C b, D a, C c, M b, C d, M c".Split(", ").Select((text, index) => Read(text, index + 1)).ToList();
        var page = NetEvents.Of(new EventPage(events, new LogPosition(9), More: false), most: 2);
        Assert.Equal("C b 3, C c 5", string.Join(", ", page.Events.Select(Written)));
        Assert.True(page.More);
        Assert.Equal(5, page.ReadTo.Value);
    }

    [Fact]
    public void The_time_is_the_last_and_one_that_was_caught_up_marks_it()
    {
        LoggedEvent[] events = [Read("M a", 1), Read("M a", 2) with { CaughtUp = true }, Read("M a", 3)];
        var only = Assert.Single(NetEvents.Of(new EventPage(events, new LogPosition(9), More: true)).Events);
        Assert.Equal(events[2].Event.TimeStamp, only.Event.TimeStamp);
        Assert.Equal(events[0].LoggedAt, only.LoggedAt);
        Assert.True(only.CaughtUp);
    }

    private static LoggedEvent Read(string text, int position)
    {
        string[] parts = text.Split(' ');
        bool isFolder = parts[1][0] == '/';
        var time = Noon + TimeSpan.FromSeconds(position);
        return new LoggedEvent(
            new LogPosition(position),
            1,
            new MailboxEvent
            {
                Type = Types[parts[0][0]],
                TimeStamp = time,
                IsFolder = isFolder,
                Object = new EwsId(parts[^1].TrimStart('/')),
                ParentFolder = new EwsId("inbox"),
                OldObject = parts.Length > 2 ? new EwsId(parts[1]) : null,
                OldParentFolder = parts.Length > 2 ? new EwsId("before") : null,
            },
            CaughtUp: false)
        {
            LoggedAt = time,
        };
    }

    private static string Written(LoggedEvent logged)
    {
        var e = logged.Event;
        char type = Types.Single(pair => pair.Value == e.Type).Key;
        string old = e.OldObject is { } before ? $"{before.Id} " : "";
        return $"{type} {old}{(e.IsFolder ? "/" : "")}{e.Object.Id} {logged.Position.Value}";
    }
}
