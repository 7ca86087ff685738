using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>The settings in docs/operations.md. That they are what the program reads, with these defaults and ranges, the tests of the settings hold.</summary>
internal static partial class SettingsPage
{
    /// <summary>Full keys below "Relay", as in "Smtp:Listeners:N:Port"; ":Password" on the page goes with the key before it.</summary>
    internal static IEnumerable<string> Keys()
    {
        string page = Repository.PathOf("docs/operations.md");
        foreach (string line in File.ReadLines(page).Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            string before = "";
            foreach (Match key in Key().Matches(line.Split(" | ")[0]))
            {
                string text = key.Groups["key"].Value;
                before = text[0] == ':' ? before[..before.LastIndexOf(':')] + text : text;
                yield return before;
            }
        }
    }

    [GeneratedRegex("`(?<key>:?[A-Z][A-Za-z]*(:[A-Z][A-Za-z]*)*)`")]
    private static partial Regex Key();
}
