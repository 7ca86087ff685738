using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Tests.Settings;

/// <summary>A row of the table of settings in docs/operations.md.</summary>
/// <param name="Keys">Whole, below <c>Relay</c>; <c>:Port</c> on the page goes with the key before it.</param>
/// <param name="Defaults">One for each key; null where the page says it in words, or that there is none.</param>
/// <param name="DefaultText">As it stands.</param>
/// <param name="Text">Range and meaning.</param>
internal sealed partial record DocumentedSettings(IReadOnlyList<string> Keys, IReadOnlyList<string?> Defaults, string DefaultText, string Text)
{
    public static IReadOnlyList<DocumentedSettings> Read() =>
        [.. File.ReadLines(Repository.PathOf("docs/operations.md"))
            .SkipWhile(line => !line.StartsWith("| key | default |", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => Of(line.Trim('|', ' ').Split(" | ", 3)))];

    /// <summary>The ranges in the text, in order: "1 to 100", "1 second to 28 days", "512 or more", "up to 30 seconds".</summary>
    public IReadOnlyList<(string? Least, string? Most)> Ranges() =>
        [.. Range().Matches(Text).Select(range => (Bound(range, "least"), Bound(range, "most")))];

    private static DocumentedSettings Of(string[] cells)
    {
        var keys = new List<string>();
        foreach (Match match in Code().Matches(cells[0]))
        {
            string key = match.Groups["text"].Value;
            keys.Add(key[0] == ':' ? keys[^1][..keys[^1].LastIndexOf(':')] + key : key);
        }

        string[] defaults = cells[1].Split(", ");
        return new DocumentedSettings(
            keys, [.. keys.Select((_, i) => defaults.Length == keys.Count ? Literal(defaults[i]) : null)], cells[1], cells[2]);
    }

    private static string? Literal(string text) =>
        Code().Match(text) is { Success: true } code && code.Length == text.Length ? code.Groups["text"].Value
        : long.TryParse(text, out _) ? text
        : null;

    /// <summary>A number as it stands, a time as TimeSpan writes it.</summary>
    private static string? Bound(Match range, string name)
    {
        if (!range.Groups[name].Success)
        {
            return null;
        }

        int number = int.Parse(range.Groups[name].Value, System.Globalization.CultureInfo.InvariantCulture);
        string unit = range.Groups[name + "Unit"] is { Success: true, Value: { Length: > 0 } own } ? own : range.Groups["mostUnit"].Value;
        return unit switch
        {
            "" => range.Groups[name].Value,
            "second" or "s" => $"{TimeSpan.FromSeconds(number)}",
            "minute" or "min" => $"{TimeSpan.FromMinutes(number)}",
            "hour" or "h" => $"{TimeSpan.FromHours(number)}",
            _ => $"{TimeSpan.FromDays(number)}",
        };
    }

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\w§.:/])(?<least>\d+)( (?<leastUnit>second|minute|hour|day|s|min|h|d)s?)?( to (?<most>\d+)( (?<mostUnit>second|minute|hour|day|s|min|h|d)s?)?\b| or more)"
        + @"|up to (?<most>\d+)( (?<mostUnit>second|minute|hour|day)s?)")]
    private static partial Regex Range();
}
