using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>What operations on a list of item ids have in common: one message an id, each failing alone.</summary>
internal abstract class ItemsOperation : IOperation
{
    protected static readonly XNamespace M = EwsNames.Messages;

    public abstract string Name { get; }

    /// <summary>Whether the schema wants an Items element even in an error.</summary>
    protected virtual bool HasItems => true;

    public OperationResult Run(OperationContext context, XElement request) => ResponseFrame.Of(Name, Ids(request).Select(element =>
        context.ResolveItem(element.Attribute("Id")?.Value ?? "", out var error) is { } item
            ? RunOne(context, request, element, item)
            : Failed(error!)).ToArray());

    protected virtual IEnumerable<XElement> Ids(XElement request) => request.Element(M + "ItemIds")?.Elements() ?? [];

    protected abstract XElement RunOne(OperationContext context, XElement request, XElement id, SimulatedItem item);

    protected XElement Failed(EwsError error) => ResponseFrame.Error(Name, error, HasItems ? new XElement(M + "Items") : null);

    protected XElement Done(XElement? item = null) =>
        ResponseFrame.Success(Name, HasItems ? new XElement(M + "Items", item) : null);
}
