using System.Globalization;
using Relay.Store;

namespace Relay.Subscriptions;

/// <summary>The header field <c>Relay-Gap: FROM TO</c>: between these times (UTC) events may have been missed for good.</summary>
internal static class GapField
{
    public const string Name = "Relay-Gap";

    /// <summary>An unknown beginning is written as the epoch.</summary>
    public static string Value(EventGap gap) => $"{Time(gap.From ?? DateTimeOffset.UnixEpoch)} {Time(gap.To)}";

    /// <summary>Whether a mail of ours has the field in its header.</summary>
    public static bool IsIn(ReadOnlySpan<byte> mail) =>
        mail.IndexOf("\r\n\r\n"u8) is var end and > 0 && mail[..end].IndexOf("\r\nRelay-Gap:"u8) > 0;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
