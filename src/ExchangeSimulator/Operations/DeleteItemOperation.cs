using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class DeleteItemOperation(MailboxActions actions) : ItemsOperation
{
    public override string Name => "DeleteItem";

    protected override bool HasItems => false;

    protected override XElement RunOne(OperationContext context, XElement request, XElement id, SimulatedItem item)
    {
        switch (request.Attribute("DeleteType")?.Value)
        {
            case "MoveToDeletedItems":
                actions.Move(item, item.Folder.Mailbox.Distinguished["deleteditems"]);
                break;
            case "SoftDelete":
                actions.SoftDelete(item);
                break;
            default:
                actions.HardDelete(item);
                break;
        }

        return Done();
    }
}
