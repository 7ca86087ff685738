using Relay.Operations;

namespace Relay.Tests.Operations;

public sealed class MonthTextTests
{
    /// <summary>As Python 3.11's <c>calendar.month</c> prints them.</summary>
    public static TheoryData<string, int, int, string> Months => new()
    {
        { "a month of 30 days", 2026, 11, "   November 2026\nMo Tu We Th Fr Sa Su\n                   1\n 2  3  4  5  6  7  8\n 9 10 11 12 13 14 15\n16 17 18 19 20 21 22\n23 24 25 26 27 28 29\n30\n" },
        { "28 days that begin on a Saturday", 2003, 2, "   February 2003\nMo Tu We Th Fr Sa Su\n                1  2\n 3  4  5  6  7  8  9\n10 11 12 13 14 15 16\n17 18 19 20 21 22 23\n24 25 26 27 28\n" },
        { "a leap year", 2024, 2, "   February 2024\nMo Tu We Th Fr Sa Su\n          1  2  3  4\n 5  6  7  8  9 10 11\n12 13 14 15 16 17 18\n19 20 21 22 23 24 25\n26 27 28 29\n" },
        { "the first month there is", 1, 1, "     January 1\nMo Tu We Th Fr Sa Su\n 1  2  3  4  5  6  7\n 8  9 10 11 12 13 14\n15 16 17 18 19 20 21\n22 23 24 25 26 27 28\n29 30 31\n" },
        { "the last month there is", 9999, 12, "   December 9999\nMo Tu We Th Fr Sa Su\n       1  2  3  4  5\n 6  7  8  9 10 11 12\n13 14 15 16 17 18 19\n20 21 22 23 24 25 26\n27 28 29 30 31\n" },
        { "six weeks", 2021, 8, "    August 2021\nMo Tu We Th Fr Sa Su\n                   1\n 2  3  4  5  6  7  8\n 9 10 11 12 13 14 15\n16 17 18 19 20 21 22\n23 24 25 26 27 28 29\n30 31\n" },
        { "begins on a Monday", 2026, 6, "     June 2026\nMo Tu We Th Fr Sa Su\n 1  2  3  4  5  6  7\n 8  9 10 11 12 13 14\n15 16 17 18 19 20 21\n22 23 24 25 26 27 28\n29 30\n" },
        { "a year of three digits", 800, 5, "      May 800\nMo Tu We Th Fr Sa Su\n 1  2  3  4  5  6  7\n 8  9 10 11 12 13 14\n15 16 17 18 19 20 21\n22 23 24 25 26 27 28\n29 30 31\n" },
    };

    [Theory]
    [MemberData(nameof(Months))]
    public void A_month_is_laid_out_as_Python_does(string why, int year, int month, string expected)
    {
        Assert.NotEmpty(why);
        Assert.Equal(expected, MonthText.Format(year, month));
    }
}
