using System.Data.Common;

namespace Relay.Store.Sql;

/// <summary>Columns that may be null, and those that hold what the database has no type for.</summary>
internal static class RowReading
{
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static DateTimeOffset? InstantOrNull(this DbDataReader row, int column) =>
        row.NumberOrNull(column) is { } milliseconds ? Instant.At(milliseconds) : null;

    public static bool Flag(this DbDataReader row, int column) => row.GetInt64(column) != 0;

    public static byte[] Octets(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    /// <summary>From five columns, the first of which is <paramref name="via"/>.</summary>
    public static MailOrigin Origin(this DbDataReader row, int via) => new(
        row.GetString(via), row.TextOrNull(via + 1), row.TextOrNull(via + 2), row.Flag(via + 3), row.TextOrNull(via + 4));
}
