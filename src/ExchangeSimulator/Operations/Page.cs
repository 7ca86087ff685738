using System.Globalization;
using System.Xml.Linq;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>The part of a view that an answer holds.</summary>
/// <param name="Offset">How many entries come before it.</param>
/// <param name="Length">How many it holds at most.</param>
internal readonly record struct Page(int Offset, int Length)
{
    /// <summary>EWSFindCountLimit: no answer holds more.</summary>
    private const int Most = 1000;

    /// <summary>Reads an IndexedPage…View element.</summary>
    /// <param name="view">Null for everything.</param>
    /// <param name="total">How many entries the view has, to count from its end where the request says so.</param>
    public static Page Read(XElement? view, int total)
    {
        var most = Number(view, "MaxEntriesReturned") ?? Most;
        var offset = Number(view, "Offset") ?? 0;
        if (view?.Attribute("BasePoint")?.Value == "End")
        {
            offset = Math.Max(0, total - offset - most);
        }

        return new Page(Math.Max(0, offset), Math.Clamp(most, 1, Most));
    }

    public XAttribute[] Attributes(int total)
    {
        var end = Math.Min(total, Offset + Length);
        return
        [
            new("IndexedPagingOffset", end.ToString(CultureInfo.InvariantCulture)),
            new("TotalItemsInView", total.ToString(CultureInfo.InvariantCulture)),
            new("IncludesLastItemInRange", end >= total ? "true" : "false"),
        ];
    }

    private static int? Number(XElement? view, string attribute) =>
        int.TryParse(view?.Attribute(attribute)?.Value, CultureInfo.InvariantCulture, out var number) ? number : null;
}
