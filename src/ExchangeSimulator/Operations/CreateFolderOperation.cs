using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class CreateFolderOperation(MailboxActions actions) : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public string Name => "CreateFolder";

    public OperationResult Run(OperationContext context, XElement request)
    {
        var reference = EwsRequestReader.ReadFolder(request.Element(M + "ParentFolderId"));
        EwsError? error = null;
        var parent = reference is null ? null : context.Resolve(reference, out error);
        return ResponseFrame.Of(Name, (request.Element(M + "Folders")?.Elements() ?? []).Select(folder => parent is null
            ? ResponseFrame.Error(Name, error ?? EwsErrors.FolderNotFound)
            : Create(parent, folder)).ToArray());
    }

    private XElement Create(SimulatedFolder parent, XElement folder)
    {
        var name = folder.Element(T + "DisplayName")?.Value ?? "";
        if (parent.Mailbox.Folders.Any(other => other.Parent == parent && string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            return ResponseFrame.Error(Name, new EwsError("ErrorFolderExists", "A folder with the specified name already exists."));
        }

        var kind = folder.Name.LocalName;
        var created = actions.CreateFolder(parent, name, kind, folder.Element(T + "FolderClass")?.Value ?? kind switch
        {
            "CalendarFolder" => "IPF.Appointment",
            "ContactsFolder" => "IPF.Contact",
            "TasksFolder" => "IPF.Task",
            _ => "IPF.Note",
        });
        return ResponseFrame.Success(Name, new XElement(M + "Folders", FolderShape.Read(null).Render(created)));
    }
}
