using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>docs/conformance.md as data.</summary>
internal sealed partial class ConformancePage
{
    private ConformancePage(IReadOnlyList<ConformanceRow> rows, IReadOnlyList<ConformanceRow> departures) =>
        (Rows, Departures) = (rows, departures);

    /// <summary>Rows of the tables by area.</summary>
    internal IReadOnlyList<ConformanceRow> Rows { get; }

    /// <summary>Rows of the table "Departures", in which the third column says why.</summary>
    internal IReadOnlyList<ConformanceRow> Departures { get; }

    internal static ConformancePage Read()
    {
        var rows = new List<ConformanceRow>();
        var departures = new List<ConformanceRow>();
        List<ConformanceRow>? table = null;
        foreach (string line in File.ReadLines(Repository.PathOf("docs/conformance.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                table = line == "## Departures" ? departures : rows;
            }
            else if (line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| section |", StringComparison.Ordinal))
            {
                table?.Add(Row(line));
            }
        }

        return new ConformancePage(rows, departures);
    }

    private static ConformanceRow Row(string line)
    {
        string[] cells = [.. Bar().Split(line.Trim().Trim('|')).Select(cell => cell.Trim()), "", "", ""];
        return new ConformanceRow(cells[0], cells[1], cells[2], cells[3], line);
    }

    /// <summary>A bar between cells, not one that is escaped.</summary>
    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();
}
