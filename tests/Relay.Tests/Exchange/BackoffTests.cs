using Relay.Exchange;

namespace Relay.Tests.Exchange;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_longest_and_lie_in_their_upper_half()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), new Random(7));

        foreach (var full in new[] { 1, 2, 4, 8, 10, 10 })
        {
            Assert.InRange(backoff.Next().TotalSeconds, full / 2.0, full);
        }
    }

    [Fact]
    public void A_success_begins_again_with_the_shortest()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), new Random(7));
        backoff.Next();
        backoff.Next();

        backoff.Reset();

        Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Two_that_failed_together_do_not_come_back_together()
    {
        var chance = new Random(7);
        var one = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), chance);
        var other = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), chance);

        Assert.NotEqual(one.Next(), other.Next());
    }
}
