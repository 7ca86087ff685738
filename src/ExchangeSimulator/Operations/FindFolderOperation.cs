using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class FindFolderOperation : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public string Name => "FindFolder";

    public OperationResult Run(OperationContext context, XElement request) => ResponseFrame.Of(
        Name,
        EwsRequestReader.ReadFolders(request.Element(M + "ParentFolderIds")).Select(reference =>
            context.Resolve(reference, out var error) is { } parent
                ? ResponseFrame.Success(Name, Find(parent, request))
                : ResponseFrame.Error(Name, error!)).ToArray());

    private static XElement Find(SimulatedFolder parent, XElement request)
    {
        var deep = request.Attribute("Traversal")?.Value == "Deep";
        var found = parent.Mailbox.Folders.Where(folder => deep ? folder.IsUnder(parent) : folder.Parent == parent).ToList();
        var shape = FolderShape.Read(request.Element(M + "FolderShape"));
        var page = Page.Read(request.Element(M + "IndexedPageFolderView"), found.Count);
        return new XElement(M + "RootFolder",
            page.Attributes(found.Count),
            new XElement(T + "Folders", found.Skip(page.Offset).Take(page.Length).Select(shape.Render)));
    }
}
