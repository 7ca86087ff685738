using System.Globalization;
using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>The search expressions of FindItem.</summary>
internal static class Restriction
{
    /// <summary>Whether an item passes.</summary>
    /// <param name="item">The item.</param>
    /// <param name="expression">Null lets everything pass, as does an expression of an unknown kind.</param>
    public static bool Matches(SimulatedItem item, XElement? expression)
    {
        var operands = expression?.Elements().ToArray() ?? [];
        return expression?.Name.LocalName switch
        {
            "And" => operands.All(operand => Matches(item, operand)),
            "Or" => operands.Any(operand => Matches(item, operand)),
            "Not" => !operands.Any(operand => Matches(item, operand)),
            "Exists" => Value(item, operands) is not null,
            "Contains" => Contains(item, expression, operands),
            "IsEqualTo" => Order(item, operands) == 0,
            "IsNotEqualTo" => Order(item, operands) != 0,
            "IsGreaterThan" => Order(item, operands) > 0,
            "IsGreaterThanOrEqualTo" => Order(item, operands) >= 0,
            "IsLessThan" => Order(item, operands) < 0,
            "IsLessThanOrEqualTo" => Order(item, operands) <= 0,
            _ => true,
        };
    }

    /// <summary>Times by when they are, numbers by size, everything else as text without regard to case.</summary>
    public static int Compare(string left, string right)
    {
        if (DateTimeOffset.TryParse(left, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var leftTime)
            && DateTimeOffset.TryParse(right, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var rightTime))
        {
            return leftTime.CompareTo(rightTime);
        }

        if (long.TryParse(left, CultureInfo.InvariantCulture, out var leftNumber)
            && long.TryParse(right, CultureInfo.InvariantCulture, out var rightNumber))
        {
            return leftNumber.CompareTo(rightNumber);
        }

        return string.Compare(Plain(left), Plain(right), StringComparison.OrdinalIgnoreCase);
    }

    private static int Order(SimulatedItem item, XElement[] operands) =>
        Compare(Value(item, operands) ?? "", operands.Skip(1).SelectMany(operand => operand.DescendantsAndSelf())
            .Select(element => element.Attribute("Value")?.Value).FirstOrDefault(value => value is not null) ?? "");

    private static bool Contains(SimulatedItem item, XElement expression, XElement[] operands)
    {
        var wanted = operands.Skip(1).FirstOrDefault()?.Attribute("Value")?.Value ?? "";
        var comparison = expression.Attribute("ContainmentComparison")?.Value == "Exact"
            ? StringComparison.Ordinal
            : StringComparison.OrdinalIgnoreCase;
        var value = Value(item, operands) ?? "";
        return expression.Attribute("ContainmentMode")?.Value switch
        {
            "FullString" => value.Equals(wanted, comparison),
            "Prefixed" or "PrefixOnWords" => value.StartsWith(wanted, comparison),
            _ => value.Contains(wanted, comparison),
        };
    }

    private static string? Value(SimulatedItem item, XElement[] operands) =>
        operands.Length > 0 && ItemShape.PropertyOf(operands[0]) is { } property ? item.Text(property) : null;

    /// <summary>xs:boolean has two spellings of each value.</summary>
    private static string Plain(string text) => text switch
    {
        "1" => "true",
        "0" => "false",
        _ => text,
    };
}
