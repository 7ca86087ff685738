using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>What operations on a list of folder ids have in common: one message a folder, each failing alone.</summary>
internal abstract class FoldersOperation : IOperation
{
    protected static readonly XNamespace M = EwsNames.Messages;
    protected static readonly XNamespace T = EwsNames.Types;

    public abstract string Name { get; }

    public OperationResult Run(OperationContext context, XElement request) => ResponseFrame.Of(
        Name,
        EwsRequestReader.ReadFolders(request.Element(M + "FolderIds")).Select(reference =>
            context.Resolve(reference, out var error) is { } folder
                ? RunOne(context, request, folder)
                : ResponseFrame.Error(Name, error!)).ToArray());

    protected abstract XElement RunOne(OperationContext context, XElement request, SimulatedFolder folder);

    /// <summary>A success that tells one folder's id.</summary>
    protected XElement Done(SimulatedFolder folder) =>
        ResponseFrame.Success(Name, new XElement(M + "Folders", FolderShape.Read(null).Render(folder)));
}
