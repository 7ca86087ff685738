using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class DeleteFolderOperation(MailboxActions actions) : FoldersOperation
{
    public override string Name => "DeleteFolder";

    protected override XElement RunOne(OperationContext context, XElement request, SimulatedFolder folder)
    {
        if (folder.DistinguishedName is not null)
        {
            return ResponseFrame.Error(Name, new EwsError("ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be deleted."));
        }

        if (request.Attribute("DeleteType")?.Value == "MoveToDeletedItems")
        {
            actions.Move(folder, folder.Mailbox.Distinguished["deleteditems"]);
        }
        else
        {
            actions.Delete(folder);
        }

        return ResponseFrame.Success(Name);
    }
}
