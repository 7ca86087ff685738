using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class UpdateItemOperation(MailboxActions actions) : ItemsOperation
{
    private static readonly XNamespace T = EwsNames.Types;

    public override string Name => "UpdateItem";

    protected override IEnumerable<XElement> Ids(XElement request) =>
        request.Element(M + "ItemChanges")?.Elements().Select(change => change.Element(T + "ItemId")).OfType<XElement>() ?? [];

    protected override XElement RunOne(OperationContext context, XElement request, XElement id, SimulatedItem item)
    {
        var set = new List<XElement>();
        var delete = new List<string>();
        foreach (var update in id.Parent?.Element(T + "Updates")?.Elements() ?? [])
        {
            if (update.Name.LocalName == "DeleteItemField")
            {
                delete.Add(update.Elements().Select(ItemShape.PropertyOf).FirstOrDefault() ?? "");
            }
            else
            {
                // A SetItemField or AppendToItemField holds its path and an item with the one property.
                set.AddRange(update.Elements().Where(element => element.HasElements).SelectMany(element => element.Elements()));
            }
        }

        var updated = actions.Update(item, set, delete);
        var message = Done(ItemShape.IdOnly.Render(updated));
        message.Add(new XElement(M + "ConflictResults", new XElement(T + "Count", "0")));
        return message;
    }
}
