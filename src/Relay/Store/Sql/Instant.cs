using System.Data.Common;

namespace Relay.Store.Sql;

/// <summary>Times as rows hold them: milliseconds since 1970, UTC.</summary>
internal static class Instant
{
    /// <summary>Due whatever the clock says: less than any real time.</summary>
    public const long AtOnce = 0;

    public static long Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    // A row that somebody edited may hold any number; it must still be readable.
    public static DateTimeOffset At(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, Of(DateTimeOffset.MinValue), Of(DateTimeOffset.MaxValue)));

    /// <summary>A time to be due from; never <see cref="AtOnce"/>.</summary>
    public static long DueFrom(DateTimeOffset time) => Math.Max(Of(time), AtOnce + 1);

    public static DateTimeOffset GetInstant(this DbDataReader row, int column) => At(row.GetInt64(column));

    /// <summary>Null when due at once or not waiting.</summary>
    public static DateTimeOffset? DueAt(this DbDataReader row, int column) =>
        row.NumberOrNull(column) is { } due and not AtOnce ? At(due) : null;
}
