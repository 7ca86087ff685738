using Relay.Store;

namespace Relay.Tests.Store;

public sealed class BellTests
{
    private readonly Bell _bell = new();

    [Fact]
    public async Task A_ring_that_nobody_waited_for_is_heard_once()
    {
        _bell.Ring();
        _bell.Ring();

        await WaitAsync();

        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task A_ring_wakes_all_who_wait()
    {
        var waiters = new[] { WaitAsync(), WaitAsync() };

        _bell.Ring();

        await Task.WhenAll(waiters);
        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task A_wait_ends_when_its_time_has_passed_and_the_next_ring_is_not_lost()
    {
        await _bell.WaitAsync(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);

        _bell.Ring();

        Assert.True(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_wait_throws_and_the_next_ring_is_not_lost()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _bell.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        _bell.Ring();

        Assert.True(WaitAsync().IsCompleted);
    }

    private Task WaitAsync() => _bell.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
}
