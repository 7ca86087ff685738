using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class SyncFolderHierarchyOperation : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public string Name => "SyncFolderHierarchy";

    public OperationResult Run(OperationContext context, XElement request)
    {
        var reference = EwsRequestReader.ReadFolder(request.Element(M + "SyncFolderId"))
            ?? new FolderReference.Distinguished("msgfolderroot");
        if (context.Resolve(reference, out var error) is not { } root)
        {
            return ResponseFrame.Of(Name, ResponseFrame.Error(Name, error!));
        }

        var database = context.Database;
        // The sign keeps a state for the folders of a root apart from one for its items.
        if (SyncState.Parse(database.Id, -root.Number, request.Element(M + "SyncState")?.Value) is not { } after)
        {
            return ResponseFrame.Of(Name, ResponseFrame.Error(Name, EwsErrors.InvalidSyncStateData));
        }

        var (changes, seenUpTo, _) = NetChange.Fold(
            root.Mailbox.FolderChanges, after, row => row.ObjectId != root.Id.Id, int.MaxValue);
        var shape = FolderShape.Read(request.Element(M + "FolderShape"));
        return ResponseFrame.Of(Name, ResponseFrame.Success(Name,
            new XElement(M + "SyncState", SyncState.Format(database.Id, -root.Number, seenUpTo)),
            new XElement(M + "IncludesLastFolderInRange", "true"),
            new XElement(M + "Changes", changes.Select(change => Render(database, root, change.Id, change.Kind, shape)))));
    }

    /// <summary>One change; null for a new folder that is none of the root's.</summary>
    private static XElement? Render(SimulatedDatabase database, SimulatedFolder root, string id, ObjectChangeKind kind, FolderShape shape)
    {
        var exists = database.TryFolder(id, out var folder) && folder.IsUnder(root);
        if (exists && kind != ObjectChangeKind.Removed)
        {
            return new XElement(T + (kind == ObjectChangeKind.Added ? "Create" : "Update"), shape.Render(folder!));
        }

        return kind == ObjectChangeKind.Added ? null : new XElement(T + "Delete", ResponseFrame.Id("FolderId", new EwsId(id)));
    }
}
