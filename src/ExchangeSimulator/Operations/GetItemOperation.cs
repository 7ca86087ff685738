using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class GetItemOperation : ItemsOperation
{
    public override string Name => "GetItem";

    protected override XElement RunOne(OperationContext context, XElement request, XElement id, SimulatedItem item) =>
        Done(ItemShape.Read(request.Element(M + "ItemShape")).Render(item));
}
