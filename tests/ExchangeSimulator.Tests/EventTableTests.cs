using System.Xml.Linq;
using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>Microsoft's figure and its table of deletions, row by row.</summary>
public sealed class EventTableTests
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;
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
        await simulator.CallAsync(new XElement(M + "CreateItem", new XAttribute("SendMeetingInvitations", "SendToNone"),
            new XElement(M + "Items", new XElement(T + "CalendarItem",
                new XElement(T + "Subject", "Lunch"),
                new XElement(T + "Start", "2026-01-01T12:00:00Z"),
                new XElement(T + "End", "2026-01-01T13:00:00Z")))));
        var told = await simulator.EventsAsync(subscribed);
        Assert.Equal(
            [MailboxEventType.Created, MailboxEventType.FreeBusyChanged, MailboxEventType.Modified], told.Events.Select(entry => entry.Type));
        Assert.Null(told.Events[2].UnreadCount);
    }

    public static TheoryData<string, string, string, string> FolderRows => new()
    {
        { "made, seen by its parent", "create", "inbox", "Created/F Modified/F" },
        { "made, seen from all folders", "create", "", "Created/F Modified/F" },
        { "renamed", "rename", "inbox", "Modified/F" },
        { "moved: itself, old parent, new parent", "move", "", "Moved/F Modified/F Modified/F Modified/F" },
        { "deleted", "delete", "inbox", "Deleted/F Modified/F" },
        { "to Deleted Items, seen from all folders: only the parents", "discard", "", "Modified/F Modified/F" },
        { "to Deleted Items, seen by its parent", "discard", "inbox", "Moved/F Modified/F" },
    };

    [Theory]
    [MemberData(nameof(FolderRows))]
    public async Task What_happens_to_a_folder_is_told(string why, string action, string folder, string expected)
    {
        await using var simulator = await StartAsync();
        var made = action == "create" ? null : await CreateFolderAsync(simulator);
        var subscribed = folder.Length == 0 ? await simulator.PullAsync() : await simulator.PullAsync(folder);
        await (made is null ? CreateFolderAsync(simulator) : simulator.CallAsync(FolderAction(action, made)));
        var told = await simulator.EventsAsync(subscribed);
        var actual = string.Join(' ', told.Events.Select(entry => entry.Type + (entry.IsFolder ? "/F" : "")));
        Assert.True(expected == actual, $"{why}: {actual}");
    }

    [Fact]
    public async Task An_invitation_arrives_as_mail_that_is_a_meeting_request()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.SubscribeAsync(new SubscribeRequest(
            SubscriptionKind.Pull, false, [new FolderReference.Distinguished("inbox", Bob)], EwsEventTypes.All, null, 5));
        await simulator.CallAsync(new XElement(M + "CreateItem", new XAttribute("SendMeetingInvitations", "SendToAllAndSaveCopy"),
            new XElement(M + "Items", new XElement(T + "CalendarItem",
                new XElement(T + "Subject", "Lunch"),
                new XElement(T + "Start", "2026-01-01T12:00:00Z"),
                new XElement(T + "End", "2026-01-01T13:00:00Z"),
                new XElement(T + "RequiredAttendees", new XElement(T + "Attendee",
                    new XElement(T + "Mailbox", new XElement(T + "EmailAddress", Bob))))))));
        var told = await simulator.EventsAsync(subscribed);
        Assert.Equal([MailboxEventType.Created, MailboxEventType.NewMail, MailboxEventType.Modified], told.Events.Select(entry => entry.Type));
        var item = Success(Success(EwsResponseReader.Items(
            await simulator.CallAsync(EwsRequestWriter.GetItem([told.Events[0].Object], "AllProperties")))).Single());
        Assert.Equal(("MeetingRequest", "Lunch", Ann, false), (item.Kind, item.Subject, item.From, item.IsRead));
    }

    private static async Task<XElement> CreateFolderAsync(Simulator simulator)
    {
        var answer = await simulator.CallAsync(new XElement(M + "CreateFolder",
            new XElement(M + "ParentFolderId", EwsRequestWriter.Folder(new FolderReference.Distinguished("inbox"))),
            new XElement(M + "Folders", new XElement(T + "Folder", new XElement(T + "DisplayName", "Bills")))));
        return answer.Descendants(T + "FolderId").Single();
    }

    private static XElement FolderAction(string action, XElement folder) => action switch
    {
        "rename" => new XElement(M + "UpdateFolder", new XElement(M + "FolderChanges", new XElement(T + "FolderChange",
            folder, new XElement(T + "Updates", new XElement(T + "SetFolderField",
                new XElement(T + "FieldURI", new XAttribute("FieldURI", "folder:DisplayName")),
                new XElement(T + "Folder", new XElement(T + "DisplayName", "Paid"))))))),
        "move" => new XElement(M + "MoveFolder",
            new XElement(M + "ToFolderId", EwsRequestWriter.Folder(new FolderReference.Distinguished("archive"))),
            new XElement(M + "FolderIds", folder)),
        _ => new XElement(M + "DeleteFolder", new XAttribute("DeleteType", action == "discard" ? "MoveToDeletedItems" : "HardDelete"),
            new XElement(M + "FolderIds", folder)),
    };
}
