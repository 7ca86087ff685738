using System.Xml.Linq;
using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

public sealed class ItemTests
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;
    private static readonly FolderReference Inbox = new FolderReference.Distinguished("inbox");

    [Fact]
    public async Task Mail_that_is_sent_reaches_every_recipient_and_a_copy_is_kept()
    {
        await using var simulator = await StartAsync();
        var answer = await simulator.CallAsync(
            EwsRequestWriter.CreateItem("SendAndSaveCopy", null, "Lunch?", "at noon", [Bob, "carol@corp.example"]));
        Assert.NotNull(answer.Descendants(M + "Items").Single());
        foreach (var recipient in (string[])[Bob, "carol@corp.example"])
        {
            var item = await OnlyItemAsync(simulator, Inbox, recipient);
            Assert.Equal(("Lunch?", Ann, false), (item.Subject, item.From, item.IsRead));
        }

        Assert.Equal("Lunch?", (await OnlyItemAsync(simulator, new FolderReference.Distinguished("sentitems"), Ann)).Subject);
    }

    [Fact]
    public async Task A_saved_item_can_be_read_changed_moved_copied_and_deleted()
    {
        await using var simulator = await StartAsync();
        var created = Only(EwsResponseReader.Items(await simulator.CallAsync(
            EwsRequestWriter.CreateItem("SaveOnly", Inbox, "one", "body", [])))).Id;
        Assert.Equal("one", Only(EwsResponseReader.Items(await simulator.CallAsync(EwsRequestWriter.GetItem([created])))).Subject);

        await simulator.CallAsync(Update(created, "item:Subject", new XElement(T + "Subject", "two")));
        var changed = Only(EwsResponseReader.Items(await simulator.CallAsync(EwsRequestWriter.GetItem([created]))));
        Assert.Equal("two", changed.Subject);
        Assert.NotEqual(created.ChangeKey, changed.Id.ChangeKey);

        var copy = Only(EwsResponseReader.Items(await simulator.CallAsync(Transfer("CopyItem", created)))).Id;
        var moved = Only(EwsResponseReader.Items(await simulator.CallAsync(Transfer("MoveItem", created)))).Id;
        Assert.Equal(3, new[] { created.Id, copy.Id, moved.Id }.Distinct().Count());
        Assert.Equal(EwsErrors.ItemNotFound, Error(Success(EwsResponseReader.Items(await simulator.CallAsync(EwsRequestWriter.GetItem([created])))).Single()));

        foreach (var (type, id) in (IEnumerable<(string, EwsId)>)[("HardDelete", copy), ("SoftDelete", moved)])
        {
            var deleted = await simulator.CallAsync(new XElement(M + "DeleteItem", new XAttribute("DeleteType", type),
                new XElement(M + "ItemIds", new XElement(T + "ItemId", new XAttribute("Id", id.Id)))));
            Assert.Equal("NoError", deleted.Descendants(M + "ResponseCode").Single().Value);
        }
    }

    [Theory]
    [InlineData("no base64", "not base64!", "ErrorInvalidIdMalformed")]
    [InlineData("an id of no object", "AAMkAGI2NGI3MzYzLWQ2MzctNDY0Ny1hNzY0LTU0Mzg=", "ErrorItemNotFound")]
    [InlineData("nothing", "", "ErrorInvalidIdEmpty")]
    public async Task An_id_that_names_nothing_is_told_so(string why, string id, string code)
    {
        await using var simulator = await StartAsync();
        var answer = EwsResponseReader.Items(await simulator.CallAsync(EwsRequestWriter.GetItem([new EwsId(id)])));
        Assert.True(code == Error(Success(answer).Single()).ResponseCode, why);
    }

    [Fact]
    public async Task Synchronisation_tells_the_net_change_of_each_item()
    {
        await using var simulator = await StartAsync();
        var kept = simulator.Server.DeliverMail(Ann, "kept", Bob);
        var read = simulator.Server.DeliverMail(Ann, "read", Bob);
        var gone = simulator.Server.DeliverMail(Ann, "gone", Bob);
        var first = await SyncAsync(simulator, null);
        Assert.Equal([kept.Id, read.Id, gone.Id], first.Changes.Select(change => change.Id.Id));
        Assert.All(first.Changes, change => Assert.Equal(EwsChangeKind.Create, change.Kind));

        simulator.Server.UpdateItem(kept, "kept and changed");
        simulator.Server.MarkRead(read, true);
        simulator.Server.DeleteItem(gone);
        var fleeting = simulator.Server.DeliverMail(Ann, "fleeting", Bob);
        simulator.Server.MoveItem(fleeting, "archive");
        var second = await SyncAsync(simulator, first.SyncState);
        Assert.Equal(
            [(EwsChangeKind.Update, kept.Id), (EwsChangeKind.ReadFlagChange, read.Id), (EwsChangeKind.Delete, gone.Id)],
            second.Changes.Select(change => (change.Kind, change.Id.Id)));
        Assert.Empty((await SyncAsync(simulator, second.SyncState)).Changes);
    }

    [Fact]
    public async Task Synchronisation_goes_on_page_by_page()
    {
        await using var simulator = await StartAsync();
        var ids = Enumerable.Range(0, 7).Select(_ => simulator.Server.DeliverMail(Ann, "x", Bob).Id).ToList();
        var seen = new List<string>();
        EwsSyncAnswer? answer = null;
        while (answer is not { IsLast: true })
        {
            answer = await SyncAsync(simulator, answer?.SyncState, 3);
            Assert.True(answer.Changes.Count <= 3);
            seen.AddRange(answer.Changes.Select(change => change.Id.Id));
        }

        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task A_state_of_another_folder_is_not_good()
    {
        await using var simulator = await StartAsync();
        var state = (await SyncAsync(simulator, null)).SyncState;
        var answer = await simulator.CallAsync(EwsRequestWriter.SyncFolderItems(new FolderReference.Distinguished("drafts"), state));
        Assert.Equal(EwsErrors.InvalidSyncStateData, Error(EwsResponseReader.Sync(answer)));
    }

    [Fact]
    public async Task Folders_are_made_found_synchronised_renamed_moved_and_deleted()
    {
        await using var simulator = await StartAsync();
        var before = Success(EwsResponseReader.Sync(await simulator.CallAsync(EwsRequestWriter.SyncFolderHierarchy(null, null))));
        Assert.Contains(before.Changes, change => change is { IsFolder: true, Name: "Inbox" });
        var folder = Only(EwsResponseReader.Folders(await simulator.CallAsync(new XElement(M + "CreateFolder",
            new XElement(M + "ParentFolderId", EwsRequestWriter.Folder(Inbox)),
            new XElement(M + "Folders", new XElement(T + "Folder", new XElement(T + "DisplayName", "Bills"))))))).Id;
        var found = Success(EwsResponseReader.FindFolder(await simulator.CallAsync(EwsRequestWriter.FindFolder(Inbox))));
        Assert.Equal("Bills", found.Folders.Single().DisplayName);
        var created = Success(EwsResponseReader.Sync(await simulator.CallAsync(EwsRequestWriter.SyncFolderHierarchy(null, before.SyncState))));
        Assert.Equal((EwsChangeKind.Create, "Bills"), (created.Changes.Single().Kind, created.Changes.Single().Name));

        await simulator.CallAsync(new XElement(M + "DeleteFolder", new XAttribute("DeleteType", "HardDelete"),
            new XElement(M + "FolderIds", EwsRequestWriter.Folder(new FolderReference.ById(folder)))));
        var deleted = Success(EwsResponseReader.Sync(await simulator.CallAsync(EwsRequestWriter.SyncFolderHierarchy(null, created.SyncState))));
        Assert.Equal((EwsChangeKind.Delete, folder.Id), (deleted.Changes.Single().Kind, deleted.Changes.Single().Id.Id));
    }

    [Fact]
    public async Task Items_are_found_by_restriction_and_page()
    {
        await using var simulator = await StartAsync();
        foreach (var subject in (string[])["apple", "pear", "pineapple"])
        {
            simulator.Server.DeliverMail(Ann, subject, Bob);
        }

        var answer = await simulator.CallAsync(new XElement(M + "FindItem", new XAttribute("Traversal", "Shallow"),
            new XElement(M + "ItemShape", new XElement(T + "BaseShape", "Default")),
            new XElement(M + "IndexedPageItemView",
                new XAttribute("MaxEntriesReturned", "1"), new XAttribute("Offset", "0"), new XAttribute("BasePoint", "Beginning")),
            new XElement(M + "Restriction", new XElement(T + "Contains",
                new XAttribute("ContainmentMode", "Substring"), new XAttribute("ContainmentComparison", "IgnoreCase"),
                new XElement(T + "FieldURI", new XAttribute("FieldURI", "item:Subject")),
                new XElement(T + "Constant", new XAttribute("Value", "APPLE")))),
            new XElement(M + "ParentFolderIds", EwsRequestWriter.Folder(Inbox))));
        var root = answer.Descendants(M + "RootFolder").Single();
        Assert.Equal(("2", "false"), (root.Attribute("TotalItemsInView")?.Value, root.Attribute("IncludesLastItemInRange")?.Value));
        Assert.Equal("pineapple", root.Descendants(T + "Subject").Single().Value);
    }

    private static async Task<EwsItem> OnlyItemAsync(Simulator simulator, FolderReference folder, string user)
    {
        var sync = Success(EwsResponseReader.Sync(await simulator.CallAsync(EwsRequestWriter.SyncFolderItems(folder, null), user)));
        return Only(EwsResponseReader.Items(await simulator.CallAsync(EwsRequestWriter.GetItem([sync.Changes.Single().Id]), user)));
    }

    private static async Task<EwsSyncAnswer> SyncAsync(Simulator simulator, string? state, int most = 512) =>
        Success(EwsResponseReader.Sync(await simulator.CallAsync(EwsRequestWriter.SyncFolderItems(Inbox, state, most))));

    private static T Only<T>(EwsResult<IReadOnlyList<EwsResult<T>>> result) => Success(Success(result).Single());

    private static XElement Update(EwsId id, string field, XElement value) => new(M + "UpdateItem",
        new XAttribute("MessageDisposition", "SaveOnly"), new XAttribute("ConflictResolution", "AlwaysOverwrite"),
        new XElement(M + "ItemChanges", new XElement(T + "ItemChange",
            new XElement(T + "ItemId", new XAttribute("Id", id.Id), new XAttribute("ChangeKey", id.ChangeKey ?? "")),
            new XElement(T + "Updates", new XElement(T + "SetItemField",
                new XElement(T + "FieldURI", new XAttribute("FieldURI", field)), new XElement(T + "Message", value))))));

    private static XElement Transfer(string operation, EwsId id) => new(M + operation,
        new XElement(M + "ToFolderId", EwsRequestWriter.Folder(new FolderReference.Distinguished("archive"))),
        new XElement(M + "ItemIds", new XElement(T + "ItemId", new XAttribute("Id", id.Id))));
}
