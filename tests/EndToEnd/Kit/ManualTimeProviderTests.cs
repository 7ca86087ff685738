using Relay.TestKit;

namespace Relay.EndToEnd.Kit;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task A_delay_ends_when_the_hand_passes_it_and_not_before()
    {
        Task delay = Task.Delay(TimeSpan.FromMinutes(5), _clock, CancellationToken.None);

        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);

        _clock.Advance(TimeSpan.FromTicks(1));
        await delay;
    }

    [Fact]
    public void Timers_fire_in_the_order_in_which_they_are_due()
    {
        var fired = new List<string>();
        using ITimer late = _clock.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using ITimer early = _clock.CreateTimer(_ => fired.Add("early"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["early", "late"], fired);
    }

    [Fact]
    public void A_periodic_timer_fires_once_a_period_with_the_hand_at_its_due_time()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        var fired = new List<TimeSpan>();
        using ITimer timer = _clock.CreateTimer(_ => fired.Add(_clock.GetUtcNow() - start), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5)], fired);
    }

    [Fact]
    public void A_jump_of_the_wall_clock_fires_nothing()
    {
        bool fired = false;
        using ITimer timer = _clock.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _clock.Jump(_clock.GetUtcNow().AddYears(1));
        Assert.False(fired);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(fired);
    }
}
