using System.Globalization;
using System.Text.Json.Nodes;
using Relay.Client.Mail;

namespace Relay.Client.Commands;

/// <summary>What a notification tells of an item, as a line of text and as JSON.</summary>
internal static class ToldItemView
{
    public static string Text(ToldItem item)
    {
        string?[] told =
        [
            item.Subject is { } subject ? $"\"{Line(subject)}\"" : null,
            item.From is { } from ? $"from {Line(from)}" : null,
            Time(item) is { } time ? $"received {time}" : null,
            item.Octets is { } octets ? string.Create(CultureInfo.InvariantCulture, $"with its {octets} octets") : null,
            item.State is "Told" ? null : item.State,
        ];
        return $"  {"",-9} item {item.Id}: {string.Join(", ", told.OfType<string>())}";
    }

    public static JsonObject Json(ToldItem item) => new()
    {
        ["id"] = item.Id,
        ["state"] = item.State,
        ["subject"] = item.Subject,
        ["from"] = item.From,
        ["received"] = Time(item),
        ["octets"] = item.Octets,
    };

    private static string? Time(ToldItem item) => item.Received?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // A stranger wrote it: it must not move the cursor of a terminal, nor feign another line.
    private static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
