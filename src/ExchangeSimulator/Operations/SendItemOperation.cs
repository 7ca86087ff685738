using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class SendItemOperation(MailboxActions actions, MailTransport transport) : ItemsOperation
{
    public override string Name => "SendItem";

    protected override bool HasItems => false;

    protected override XElement RunOne(OperationContext context, XElement request, XElement id, SimulatedItem item)
    {
        var sender = item.Folder.Mailbox;
        transport.Send(context, sender, item.Content);
        if (request.Attribute("SaveItemToFolder")?.Value is not ("true" or "1"))
        {
            actions.HardDelete(item);
            return Done();
        }

        var target = EwsRequestReader.ReadFolder(request.Element(M + "SavedItemFolderId"));
        var folder = target is null ? sender.Distinguished["sentitems"] : context.Resolve(target, out _);
        if (folder is null)
        {
            return Failed(EwsErrors.FolderNotFound);
        }

        actions.Move(item, folder);
        return Done();
    }
}
