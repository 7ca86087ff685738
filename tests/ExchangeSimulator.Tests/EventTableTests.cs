using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>Microsoft's figure and its table of deletions, row by row.</summary>
public sealed class EventTableTests
{
    private static readonly Action<ExchangeSimulatorServer, EwsId> MoveAway = (server, item) => server.MoveItem(item, "archive");
    private static readonly Action<ExchangeSimulatorServer, EwsId> MoveToDeletedItems = (server, item) => server.MoveItem(item, "deleteditems");
    private static readonly Action<ExchangeSimulatorServer, EwsId> HardDelete = (server, item) => server.DeleteItem(item);

    public static TheoryData<string, EventProfile, string, Action<ExchangeSimulatorServer, EwsId>, string> Rows => new()
    {
        { "new mail", EventProfile.Exchange2013, "inbox", (s, _) => s.DeliverMail(Ann, "x", Bob), "Created NewMail Modified/F" },
        { "a client's item is no new mail", EventProfile.Exchange2013, "inbox", (s, _) => s.CreateItem(Ann, "inbox", "x"), "Created Modified/F" },
        { "read state", EventProfile.Exchange2013, "inbox", (s, i) => s.MarkRead(i, true), "Modified Modified/F" },
        { "moved away", EventProfile.Exchange2013, "inbox", MoveAway, "Moved Modified/F" },
        { "moved here", EventProfile.Exchange2013, "archive", MoveAway, "Moved Modified/F" },
        { "a move seen from all folders", EventProfile.Exchange2013, "", MoveAway, "Moved Modified/F Modified/F" },
        { "a copy is told by its folder, as a creation", EventProfile.Exchange2013, "archive", (s, i) => s.CopyItem(i, "archive"), "Created Modified/F" },
        { "and not by the original's", EventProfile.Exchange2013, "inbox", (s, i) => s.CopyItem(i, "archive"), "Status" },
        { "2010 calls it a copy", EventProfile.Exchange2010, "archive", (s, i) => s.CopyItem(i, "archive"), "Copied Modified/F" },
        { "hard deletion", EventProfile.Exchange2013, "inbox", HardDelete, "Deleted Modified/F" },
        { "hard deletion, all folders", EventProfile.Exchange2013, "", HardDelete, "Deleted Deleted Modified/F" },
        { "to Deleted Items", EventProfile.Exchange2013, "inbox", MoveToDeletedItems, "Moved Modified/F" },
        { "to Deleted Items, all folders", EventProfile.Exchange2013, "", MoveToDeletedItems, "Deleted Created Modified/F Modified/F" },
        { "to Deleted Items in 2010, all folders", EventProfile.Exchange2010, "", MoveToDeletedItems, "Moved Modified/F Modified/F" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task An_action_raises_what_the_table_says(
        string why, EventProfile profile, string folder, Action<ExchangeSimulatorServer, EwsId> action, string expected)
    {
        await using var simulator = await StartAsync(options => options.Profile = profile);
        var item = simulator.Server.DeliverMail(Ann, "before", Bob);
        var subscribed = folder.Length == 0 ? await simulator.PullAsync() : await simulator.PullAsync(folder);
        action(simulator.Server, item);
        var told = await simulator.EventsAsync(subscribed);
        var actual = string.Join(' ', told.Events.Select(entry => entry.Type + (entry.IsFolder ? "/F" : "")));
        Assert.True(expected == actual, $"{why}: {actual}");
    }

    [Fact]
    public async Task A_moved_item_has_another_id_and_the_event_names_both()
    {
        await using var simulator = await StartAsync();
        var item = simulator.Server.DeliverMail(Ann, "x", Bob);
        var subscribed = await simulator.PullAsync("inbox");
        var moved = simulator.Server.MoveItem(item, "archive");
        var told = (await simulator.EventsAsync(subscribed)).Events[0];
        Assert.Equal((moved.Id, item.Id), (told.Object.Id, told.OldObject!.Value.Id));
        Assert.Equal((await simulator.InboxAsync()).Id, told.OldParentFolder!.Value.Id);
        Assert.NotEqual(moved.Id, item.Id);
    }

    [Fact]
    public async Task An_appointment_tells_free_and_busy()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.PullAsync("calendar");
        var t = EwsNames.Types;
        var m = EwsNames.Messages;
        await simulator.CallAsync(new(m + "CreateItem", new System.Xml.Linq.XAttribute("SendMeetingInvitations", "SendToNone"),
            new System.Xml.Linq.XElement(m + "Items", new System.Xml.Linq.XElement(t + "CalendarItem",
                new System.Xml.Linq.XElement(t + "Subject", "Lunch"),
                new System.Xml.Linq.XElement(t + "Start", "2026-01-01T12:00:00Z"),
                new System.Xml.Linq.XElement(t + "End", "2026-01-01T13:00:00Z")))));
        var told = await simulator.EventsAsync(subscribed);
        Assert.Equal(
            [MailboxEventType.Created, MailboxEventType.FreeBusyChanged, MailboxEventType.Modified], told.Events.Select(entry => entry.Type));
        Assert.Null(told.Events[2].UnreadCount);
    }
}
