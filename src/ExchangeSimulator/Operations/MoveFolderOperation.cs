using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class MoveFolderOperation(MailboxActions actions) : FoldersOperation
{
    public override string Name => "MoveFolder";

    protected override XElement RunOne(OperationContext context, XElement request, SimulatedFolder folder)
    {
        var target = EwsRequestReader.ReadFolder(request.Element(M + "ToFolderId"));
        if (target is null || context.Resolve(target, out _) is not { } parent)
        {
            return ResponseFrame.Error(Name, EwsErrors.FolderNotFound);
        }

        if (folder.DistinguishedName is not null || parent.Mailbox != folder.Mailbox || parent == folder || parent.IsUnder(folder))
        {
            return ResponseFrame.Error(Name, new EwsError("ErrorMoveCopyFailed", "The move or copy operation failed."));
        }

        actions.Move(folder, parent);
        return Done(folder);
    }
}
