using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class FindItemOperation : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public string Name => "FindItem";

    public OperationResult Run(OperationContext context, XElement request) => ResponseFrame.Of(
        Name,
        EwsRequestReader.ReadFolders(request.Element(M + "ParentFolderIds")).Select(reference =>
            context.Resolve(reference, out var error) is { } folder
                ? ResponseFrame.Success(Name, Find(folder, request))
                : ResponseFrame.Error(Name, error!)).ToArray());

    private static XElement Find(SimulatedFolder folder, XElement request)
    {
        var restriction = request.Element(M + "Restriction")?.Elements().FirstOrDefault();
        IEnumerable<SimulatedItem> view = request.Attribute("Traversal")?.Value is null or "Shallow" ? folder.Items : [];
        var calendar = request.Element(M + "CalendarView");
        var found = view
            .Where(item => Restriction.Matches(item, restriction))
            .Where(item => calendar is null || IsWithin(item, calendar))
            .ToList();
        Sort(found, request.Element(M + "SortOrder"));
        var page = Page.Read(request.Element(M + "IndexedPageItemView"), found.Count);
        var shape = ItemShape.Read(request.Element(M + "ItemShape"));
        return new XElement(M + "RootFolder",
            page.Attributes(found.Count),
            new XElement(T + "Items", found.Skip(page.Offset).Take(page.Length).Select(item => WithoutBody(shape.Render(item)))));
    }

    /// <summary>FindItem never tells bodies, whatever the shape says.</summary>
    private static XElement WithoutBody(XElement item)
    {
        item.Element(T + "Body")?.Remove();
        return item;
    }

    private static bool IsWithin(SimulatedItem item, XElement calendar) =>
        Restriction.Compare(item.Text("Start") ?? "", calendar.Attribute("EndDate")?.Value ?? "") < 0
        && Restriction.Compare(item.Text("End") ?? "", calendar.Attribute("StartDate")?.Value ?? "") > 0;

    /// <summary>Newest first unless the request says otherwise.</summary>
    private static void Sort(List<SimulatedItem> items, XElement? sortOrder)
    {
        items.Reverse();
        foreach (var order in sortOrder?.Elements(T + "FieldOrder").Reverse() ?? [])
        {
            var property = order.Elements().Select(ItemShape.PropertyOf).FirstOrDefault() ?? "";
            var sign = order.Attribute("Order")?.Value == "Descending" ? -1 : 1;
            var sorted = items.Order(Comparer<SimulatedItem>.Create((left, right) =>
                sign * Restriction.Compare(left.Text(property) ?? "", right.Text(property) ?? ""))).ToList();
            items.Clear();
            items.AddRange(sorted);
        }
    }
}
