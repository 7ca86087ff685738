using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>MoveItem and CopyItem. Both give the item in the target folder another id.</summary>
internal sealed class TransferItemOperation(string name, Func<SimulatedItem, SimulatedFolder, SimulatedItem> transfer) : ItemsOperation
{
    public override string Name => name;

    protected override XElement RunOne(OperationContext context, XElement request, XElement id, SimulatedItem item)
    {
        var target = EwsRequestReader.ReadFolder(request.Element(M + "ToFolderId"));
        if (target is null || context.Resolve(target, out var error) is not { } folder)
        {
            return Failed(EwsErrors.FolderNotFound);
        }

        return error is null ? Done(ItemShape.IdOnly.Render(transfer(item, folder))) : Failed(error);
    }
}
