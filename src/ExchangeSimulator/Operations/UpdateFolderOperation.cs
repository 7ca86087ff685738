using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>UpdateFolder, as far as renaming goes.</summary>
internal sealed class UpdateFolderOperation(MailboxActions actions) : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public string Name => "UpdateFolder";

    public OperationResult Run(OperationContext context, XElement request) => ResponseFrame.Of(
        Name, (request.Element(M + "FolderChanges")?.Elements() ?? []).Select(change => Update(context, change)).ToArray());

    private XElement Update(OperationContext context, XElement change)
    {
        var reference = EwsRequestReader.ReadFolder(change);
        EwsError? error = null;
        var folder = reference is null ? null : context.Resolve(reference, out error);
        if (folder is null)
        {
            return ResponseFrame.Error(Name, error ?? EwsErrors.FolderNotFound);
        }

        if (change.Descendants(T + "DisplayName").FirstOrDefault() is { } name)
        {
            actions.Rename(folder, name.Value);
        }

        return ResponseFrame.Success(Name, new XElement(M + "Folders", FolderShape.Read(null).Render(folder)));
    }
}
