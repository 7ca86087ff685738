using Relay.Inbound;
using Relay.TestKit;

namespace Relay.Tests.Inbound;

public sealed class TokenBucketsTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("a full bucket holds a minute's worth", 3, "0 0 0", true)]
    [InlineData("and no more", 3, "0 0 0 0", false)]
    [InlineData("one that holds one", 1, "0", true)]
    [InlineData("is empty then", 1, "0 0", false)]
    [InlineData("a tick before one has come back there is none", 2, "0 0 29.9999999", false)]
    [InlineData("then there is one", 2, "0 0 30", true)]
    [InlineData("and not two", 2, "0 0 30 0", false)]
    [InlineData("they come steadily, not at the turn of a minute", 2, "0 50 0 10", false)]
    [InlineData("half a minute gives half of them", 4, "0 0 0 0 30 0", true)]
    [InlineData("and no more than half", 4, "0 0 0 0 30 0 0", false)]
    [InlineData("a day fills it no further", 2, "0 86400 0 0", false)]
    [InlineData("what is refused takes nothing", 1, "0 30 0 30", true)]
    [InlineData("a number that does not divide a minute", 7, "0 0 0 0 0 0 0", true)]
    [InlineData("and one more of it", 7, "0 0 0 0 0 0 0 0", false)]
    public void A_bucket_empties_and_fills(string why, int perMinute, string secondsBefore, bool last)
    {
        var buckets = new TokenBuckets<string>(10, _time);
        bool taken = false;
        foreach (string seconds in secondsBefore.Split(' '))
        {
            _time.Advance(TimeSpan.FromTicks((long)(decimal.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)));
            taken = buckets.TryTake("a", perMinute);
        }

        Assert.True(taken == last, why);
    }

    [Fact]
    public void Each_has_a_bucket_of_its_own()
    {
        var buckets = new TokenBuckets<string>(10, _time);
        Assert.True(buckets.TryTake("a", 1));
        Assert.True(buckets.TryTake("b", 1));
        Assert.False(buckets.TryTake("a", 1));
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again_and_once()
    {
        var buckets = new TokenBuckets<string>(10, _time);
        buckets.TryTake("a", 1);
        buckets.GiveBack("a", 1);
        buckets.GiveBack("never taken", 1);
        Assert.True(buckets.TryTake("a", 1));
        Assert.False(buckets.TryTake("a", 1));
    }

    [Fact]
    public void More_given_back_than_taken_fills_no_bucket_further()
    {
        var buckets = new TokenBuckets<string>(10, _time);
        buckets.TryTake("a", 2);
        buckets.GiveBack("a", 2);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(buckets.TryTake("a", 2));
        Assert.True(buckets.TryTake("a", 2));
        Assert.False(buckets.TryTake("a", 2));
    }

    [Fact]
    public void A_clock_that_is_set_back_shuts_nobody_out_for_longer_than_a_minute()
    {
        var buckets = new TokenBuckets<string>(10, _time);
        buckets.TryTake("a", 2);
        _time.Jump(_time.GetUtcNow() - TimeSpan.FromDays(1));
        Assert.False(buckets.TryTake("a", 2));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(buckets.TryTake("a", 2));
    }

    [Fact]
    public void Full_buckets_are_forgotten_as_others_come()
    {
        var buckets = new TokenBuckets<int>(1000, _time);
        for (int i = 0; i < 900; i++)
        {
            buckets.TryTake(i, 60);
        }

        Assert.Equal(900, buckets.Remembered);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (int i = 900; i < 1200; i++)
        {
            buckets.TryTake(i, 60);
        }

        Assert.Equal(300, buckets.Remembered);
        Assert.False(Enumerable.Range(0, 61).All(_ => buckets.TryTake(1199, 60)), "those that are not full are kept");
    }

    [Fact]
    public void A_flood_is_held_to_so_many_and_neither_shuts_out_who_is_new_nor_frees_who_has_used_up_all()
    {
        var buckets = new TokenBuckets<int>(100, _time);
        for (int i = 0; i < 10; i++)
        {
            buckets.TryTake(-1, 10);
        }

        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(buckets.TryTake(i, 10));
            Assert.InRange(buckets.Remembered, 1, 100);
        }

        Assert.Equal(100, buckets.Remembered);
        Assert.False(buckets.TryTake(-1, 10));
    }

    [Fact]
    public async Task Many_at_once_take_no_more_than_there_is()
    {
        var buckets = new TokenBuckets<string>(10, _time);
        int taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                if (buckets.TryTake("a", 500))
                {
                    Interlocked.Increment(ref taken);
                }
            }
        })));
        Assert.Equal(500, taken);
    }
}
