using System.Globalization;
using System.Text;

namespace Relay.Operations;

/// <summary>
/// A month as Python's <c>calendar.month</c> lays it out, which the clients of the 2003 calendar sample print as it comes: the name centred
/// over 20 columns, weeks from Monday, no blanks at line ends, a line feed after each line.
/// </summary>
internal static class MonthText
{
    private const int Width = 20;

    public static string Format(int year, int month)
    {
        var text = new StringBuilder(160);
        AppendTitle(text, $"{CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month)} {year.ToString(CultureInfo.InvariantCulture)}");
        text.Append("Mo Tu We Th Fr Sa Su\n");
        int days = DateTime.DaysInMonth(year, month);
        int column = ((int)new DateTime(year, month, 1).DayOfWeek + 6) % 7;
        text.Append(' ', column * 3);
        for (int day = 1; day <= days; day++, column++)
        {
            bool endsWeek = column % 7 == 6 || day == days;
            text.Append(CultureInfo.InvariantCulture, $"{day,2}").Append(endsWeek ? '\n' : ' ');
        }

        return text.ToString();
    }

    private static void AppendTitle(StringBuilder text, string title) =>
        text.Append(' ', Math.Max(0, (Width - title.Length) / 2)).Append(title).Append('\n');
}
