using System.Globalization;

namespace Relay.Store.Sql;

/// <summary>Attempts that failed as one text, a line each, so that a new one is appended without reading: milliseconds since 1970, a blank, the note.</summary>
internal static class AttemptLines
{
    public static string Write(FailedAttempt attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{Instant.Of(attempt.At)} {attempt.Note.ReplaceLineEndings(" / ")}\n");

    public static IReadOnlyList<FailedAttempt> Read(string? lines) =>
        [.. (lines ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).OfType<FailedAttempt>()];

    // A row that somebody edited must still be readable.
    private static FailedAttempt? Parse(string line) =>
        line.Split(' ', 2) is [var at, var note] && long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            ? new FailedAttempt(Instant.At(milliseconds), note)
            : null;
}
