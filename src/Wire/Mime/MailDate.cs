using System.Globalization;

namespace Relay.Wire.Mime;

/// <summary>Dates of mail (RFC 5322 §3.3).</summary>
public static class MailDate
{
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>As <c>Sat, 21 Nov 2026 18:00:00 +0100</c>.</summary>
    // "r" is the fastest of the framework's formats and RFC 5322's but for the zone, which it takes to be GMT.
    public static string Format(DateTimeOffset date)
    {
        var minutes = Math.Abs((int)date.Offset.TotalMinutes);
        var zone = (minutes / 60 * 100 + minutes % 60).ToString("D4", CultureInfo.InvariantCulture);
        return date.DateTime.ToString("r", CultureInfo.InvariantCulture)[..^"GMT".Length] + (date.Offset < TimeSpan.Zero ? '-' : '+') + zone;
    }

    /// <summary>Reads what mail has: with or without weekday and seconds, two-digit years, comments, zone names.</summary>
    public static bool TryParse(string? text, out DateTimeOffset date)
    {
        date = default;
        var scanner = new HeaderScanner(text ?? "");
        var words = Words(ref scanner);
        if (words is [var weekday, ..] && !char.IsAsciiDigit(weekday[0]))
        {
            words.RemoveAt(0);
        }

        if (words.Count < 4 || !Number(words[0], out var day) || Month(words[1]) is not (> 0 and var month)
            || !Number(words[2], out var year) || !Time(words[3], out var time))
        {
            return false;
        }

        var offset = words.Count > 4 ? Zone(words[4]) : TimeSpan.Zero;
        return TryMake(FullYear(words[2], year), month, day, time, offset, out date);
    }

    private static List<string> Words(ref HeaderScanner scanner)
    {
        var words = new List<string>();
        while (words.Count < 8)
        {
            scanner.SkipComments();
            var rest = scanner.Rest;
            if (rest.IsEmpty)
            {
                break;
            }

            var end = rest.IndexOfAny(" \t,(");
            var word = end < 0 ? rest : rest[..Math.Max(end, 1)];
            scanner.Skip(word.Length);
            if (word is not [','])
            {
                words.Add(word.ToString());
            }
        }

        return words;
    }

    private static bool TryMake(int year, int month, int day, TimeSpan time, TimeSpan offset, out DateTimeOffset date)
    {
        date = default;
        if (year is < 1 or > 9999 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var local = new DateTime(year, month, day) + time;
        if (local.Ticks - offset.Ticks is < 0 || local.Ticks - offset.Ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        date = new DateTimeOffset(local, offset);
        return true;
    }

    private static bool Number(string word, out int number) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && word.Length <= 4;

    // RFC 5322 §4.3: two digits below 50 are this century, two or three digits otherwise count from 1900.
    private static int FullYear(string word, int year) => word.Length switch
    {
        2 when year < 50 => 2000 + year,
        2 or 3 => 1900 + year,
        _ => year,
    };

    private static int Month(string word) =>
        Array.FindIndex(Months, month => word.StartsWith(month, StringComparison.OrdinalIgnoreCase)) + 1;

    private static bool Time(string word, out TimeSpan time)
    {
        time = default;
        var pieces = word.Split(':');
        if (pieces.Length is < 2 or > 3 || !Number(pieces[0], out var hour) || !Number(pieces[1], out var minute)
            || hour > 23 || minute > 59)
        {
            return false;
        }

        var second = 0;
        if (pieces.Length == 3 && (!Number(pieces[2], out second) || second > 60))
        {
            return false;
        }

        // RFC 5322 §3.3 allows a leap second, which DateTime does not know.
        time = new TimeSpan(hour, minute, Math.Min(second, 59));
        return true;
    }

    // RFC 5322 §4.3: the obsolete zone names; unknown ones count as -0000.
    private static TimeSpan Zone(string word) => word.ToUpperInvariant() switch
    {
        "EDT" => TimeSpan.FromHours(-4),
        "EST" or "CDT" => TimeSpan.FromHours(-5),
        "CST" or "MDT" => TimeSpan.FromHours(-6),
        "MST" or "PDT" => TimeSpan.FromHours(-7),
        "PST" => TimeSpan.FromHours(-8),
        ['+' or '-', _, _, _, _] offset when Number(offset[1..3], out var hours) && Number(offset[3..], out var minutes)
            && hours <= 13 && minutes <= 59 => (offset[0] == '-' ? -1 : 1) * new TimeSpan(hours, minutes, 0),
        _ => TimeSpan.Zero,
    };
}
