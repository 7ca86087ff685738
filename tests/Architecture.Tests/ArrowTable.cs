using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>The table of folders in docs/architecture.md: the page is the rule, the code is held to it.</summary>
internal sealed class ArrowTable
{
    private const string Everything = "all";

    private readonly Dictionary<string, string[]> _rows;

    private ArrowTable(Dictionary<string, string[]> rows) => _rows = rows;

    internal IEnumerable<string> Folders => _rows.Keys;

    /// <summary>Reads rows "| `Store` | what it does | Settings, Wire |" of the section on folders.</summary>
    internal static ArrowTable Read() => new(File.ReadLines(Repository.PathOf("docs/architecture.md"))
        .SkipWhile(line => line != "## Folders of the gateway").Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells is ["", ['`', .., '`'], _, _, ""])
        .ToDictionary(cells => cells[1].Trim('`'), cells => cells[3].Split(',', StringSplitOptions.TrimEntries)));

    /// <param name="folder">A folder of src/Relay.</param>
    /// <param name="name">A namespace below Relay: "Wire.Smtp".</param>
    internal bool Allows(string folder, string name) =>
        _rows.TryGetValue(folder, out string[]? allowed)
        && (allowed.Contains(Everything) || allowed.Append(folder).Any(prefix => IsWithin(name, prefix)));

    private static bool IsWithin(string name, string prefix) => name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal);
}
