using Relay.Outbound;
using Relay.Smtp.Client;

namespace Relay.Tests.Outbound;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Made = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly RetrySchedule _schedule = new(
        new DeliveryOptions
        {
            Smarthosts = [new SmarthostOptions("127.0.0.1", 25, SmtpClientTls.None, null, null)],
            Connections = 1,
            FirstRetry = TimeSpan.FromMinutes(1),
            GiveUp = TimeSpan.FromDays(5),
        },
        new Random(1));

    [Theory]
    [InlineData("the first wait is FirstRetry", 1, 60)]
    [InlineData("it doubles", 2, 120)]
    [InlineData("and doubles again", 5, 960)]
    [InlineData("up to four hours", 9, 14_400)]
    [InlineData("and no further", 1000, 14_400)]
    public void The_wait_is_within_a_fifth_of(string why, int attempts, double seconds)
    {
        Assert.NotEmpty(why);
        for (int i = 0; i < 100; i++)
        {
            double wait = (_schedule.Next(Made, attempts, Made) - Made)!.Value.TotalSeconds;
            Assert.InRange(wait, 0.8 * seconds, 1.2 * seconds);
        }
    }

    [Fact]
    public void Waits_differ_so_that_mails_that_failed_together_do_not_come_back_together() =>
        Assert.True(Enumerable.Range(0, 20).Select(_ => _schedule.Next(Made, 1, Made)).Distinct().Count() > 10);

    [Fact]
    public void A_mail_is_given_up_after_five_days()
    {
        Assert.NotNull(_schedule.Next(Made, 40, Made.AddDays(5).AddSeconds(-1)));
        Assert.Null(_schedule.Next(Made, 40, Made.AddDays(5)));
    }

    [Fact]
    public void Time_in_which_nothing_was_tried_gives_no_mail_up()
    {
        var now = Made.AddDays(9);
        int attempts = 0;
        while (_schedule.Next(Made, ++attempts, now) is { } next)
        {
            now = next;
        }

        Assert.InRange(attempts, 12, 16);
        Assert.InRange(now - Made.AddDays(9), TimeSpan.FromHours(18), TimeSpan.FromHours(32));
    }

    [Theory]
    [InlineData("nothing was tried but now", 1, true)]
    [InlineData("a few times only", 8, true)]
    [InlineData("for a day", 20, false)]
    public void After_the_time_to_give_up_it_is_tried_again_if_it_was_tried(string why, int attempts, bool again)
    {
        Assert.NotEmpty(why);
        Assert.Equal(again, _schedule.Next(Made, attempts, Made.AddDays(30)) is not null);
    }

    [Theory]
    [InlineData("a domain that hung for a day has been tried enough for all that wait for it", 5.1, 1, 24, true)]
    [InlineData("and for those that were never tried themselves", 5.1, 0, 24, true)]
    [InlineData("but five days are due to each", 4.9, 40, 100, false)]
    [InlineData("and a bad hour is no day", 5.1, 1, 1, false)]
    [InlineData("after which its own attempts count as ever", 5.1, 20, 1, true)]
    public void A_mail_to_a_domain_that_hangs_is_given_up_after_five_days_of_which_it_was_tried_for_one(string why, double days, int attempts, int hours, bool isOver) =>
        Assert.True(isOver == _schedule.IsOver(Made, attempts, Made.AddDays(days), TimeSpan.FromHours(hours)), why);
}
