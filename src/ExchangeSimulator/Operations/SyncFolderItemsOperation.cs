using System.Globalization;
using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class SyncFolderItemsOperation : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public string Name => "SyncFolderItems";

    public OperationResult Run(OperationContext context, XElement request)
    {
        var reference = EwsRequestReader.ReadFolder(request.Element(M + "SyncFolderId"));
        EwsError? error = null;
        var folder = reference is null ? null : context.Resolve(reference, out error);
        if (folder is null or { IsSearchFolder: true })
        {
            return ResponseFrame.Of(Name, ResponseFrame.Error(Name, error ?? EwsErrors.FolderNotFound));
        }

        var database = context.Database;
        if (SyncState.Parse(database.Id, folder.Number, request.Element(M + "SyncState")?.Value) is not { } after)
        {
            return ResponseFrame.Of(Name, ResponseFrame.Error(Name, EwsErrors.InvalidSyncStateData));
        }

        var most = int.Parse(request.Element(M + "MaxChangesReturned")?.Value.Trim() ?? "512", CultureInfo.InvariantCulture);
        var ignored = request.Element(M + "Ignore")?.Elements().Select(id => id.Attribute("Id")?.Value).ToHashSet() ?? [];
        var (changes, seenUpTo, more) = NetChange.Fold(
            folder.Mailbox.ItemChanges, after, row => row.FolderId == folder.Id.Id && !ignored.Contains(row.ObjectId), most);
        var shape = ItemShape.Read(request.Element(M + "ItemShape"));
        return ResponseFrame.Of(Name, ResponseFrame.Success(Name,
            new XElement(M + "SyncState", SyncState.Format(database.Id, folder.Number, seenUpTo)),
            new XElement(M + "IncludesLastItemInRange", more ? "false" : "true"),
            new XElement(M + "Changes", changes.Select(change => Render(database, change.Id, change.Kind, shape)))));
    }

    /// <summary>One change; null for an item that later rows of the log take away again.</summary>
    private static XElement? Render(SimulatedDatabase database, string id, ObjectChangeKind kind, ItemShape shape)
    {
        if (kind == ObjectChangeKind.Removed)
        {
            return new XElement(T + "Delete", ResponseFrame.Id("ItemId", new EwsId(id)));
        }

        if (!database.TryItem(id, out var item))
        {
            return null;
        }

        return kind switch
        {
            ObjectChangeKind.Added => new XElement(T + "Create", shape.Render(item)),
            ObjectChangeKind.ReadFlag => new XElement(T + "ReadFlagChange",
                ResponseFrame.Id("ItemId", item.Id), new XElement(T + "IsRead", item.IsRead ? "true" : "false")),
            _ => new XElement(T + "Update", shape.Render(item)),
        };
    }
}
