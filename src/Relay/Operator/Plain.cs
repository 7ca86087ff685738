using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Operator;

/// <summary>How reports are written: for people without anything that a terminal would obey, for programs as JSON.</summary>
internal static class Plain
{
    /// <summary>Names in camelCase, nulls written, times in ISO 8601.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // it goes to a program, not into a page
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>Mail is written by strangers: control characters in it could move the cursor or rename the window.</summary>
    public static string Clean(string text) =>
        string.Create(text.Length, text, static (line, from) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(from[i]) ? '?' : from[i];
            }
        });

    /// <summary>A time in UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A length of time in its largest unit that gives at least 1: 45s, 12m, 3h, 5d.</summary>
    public static string Length(TimeSpan time) => time switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalSeconds: < 60 } => Whole(time.TotalSeconds, 's'),
        { TotalMinutes: < 60 } => Whole(time.TotalMinutes, 'm'),
        { TotalHours: < 48 } => Whole(time.TotalHours, 'h'),
        _ => Whole(time.TotalDays, 'd'),
    };

    private static string Whole(double number, char unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(number):0}{unit}");
}
