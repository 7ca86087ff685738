using Relay.Exchange;
using Relay.TestKit;

namespace Relay.Tests.Exchange;

public sealed class ThrottleTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task No_more_requests_run_at_once_than_allowed()
    {
        using var throttle = new Throttle(2, _time);
        using var first = await throttle.EnterAsync(CancellationToken.None);
        var second = await throttle.EnterAsync(CancellationToken.None);

        var third = throttle.EnterAsync(CancellationToken.None);
        Assert.False(third.IsCompleted);
        second.Dispose();

        (await Eventually.CompletesAsync(third, "the slot that was left")).Dispose();
    }

    [Fact]
    public async Task However_much_subscribers_ask_a_slot_is_left_to_what_brings_events()
    {
        using var throttle = new Throttle(3, _time);
        using var first = await throttle.EnterAsGuestAsync(CancellationToken.None);
        var second = await throttle.EnterAsGuestAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource();
        var impatient = throttle.EnterAsGuestAsync(patience.Token);
        var third = throttle.EnterAsGuestAsync(CancellationToken.None);
        (await Eventually.CompletesAsync(throttle.EnterAsync(CancellationToken.None), "the slot that is left")).Dispose();
        Assert.False(third.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        second.Dispose();
        (await Eventually.CompletesAsync(third, "the guest's slot")).Dispose();
    }

    [Fact]
    public async Task A_lone_slot_serves_guests_too()
    {
        using var throttle = new Throttle(1, _time);
        (await Eventually.CompletesAsync(throttle.EnterAsGuestAsync(CancellationToken.None), "the only slot")).Dispose();
        (await Eventually.CompletesAsync(throttle.EnterAsync(CancellationToken.None), "the only slot again")).Dispose();
    }

    [Fact]
    public async Task With_a_lone_slot_what_brings_events_goes_before_guests_who_waited_longer()
    {
        using var throttle = new Throttle(1, _time);
        var first = await throttle.EnterAsGuestAsync(CancellationToken.None);
        var guests = Enumerable.Range(0, 3).Select(_ => throttle.EnterAsGuestAsync(CancellationToken.None)).ToList();
        var own = throttle.EnterAsync(CancellationToken.None);

        first.Dispose();
        var slot = await Eventually.CompletesAsync(own, "the slot that the guest has left");
        Assert.DoesNotContain(guests, guest => guest.IsCompleted);
        slot.Dispose();

        foreach (var guest in guests)
        {
            (await Eventually.CompletesAsync(guest, "a guest's turn")).Dispose();
        }
    }

    [Fact]
    public async Task After_a_rest_what_brings_events_goes_before_guests_who_waited_longer()
    {
        using var throttle = new Throttle(1, _time);
        throttle.RestFor(TimeSpan.FromSeconds(30));
        var guest = throttle.EnterAsGuestAsync(CancellationToken.None);
        var own = throttle.EnterAsync(CancellationToken.None);
        await _time.ArmedAsync();

        _time.Advance(TimeSpan.FromSeconds(30));
        var slot = await Eventually.CompletesAsync(own, "the slot after the rest");
        Assert.False(guest.IsCompleted);
        slot.Dispose();

        (await Eventually.CompletesAsync(guest, "the guest's turn")).Dispose();
    }

    [Fact]
    public async Task Nothing_is_sent_while_the_server_wants_rest_and_the_longest_wish_stands()
    {
        using var throttle = new Throttle(2, _time);
        throttle.RestFor(TimeSpan.FromSeconds(30));
        throttle.RestFor(TimeSpan.FromSeconds(5));

        var entered = throttle.EnterAsync(CancellationToken.None);
        await _time.ArmedAsync();
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(entered.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        (await Eventually.CompletesAsync(entered, "the end of the rest")).Dispose();
    }

    [Fact]
    public async Task One_that_gives_up_waiting_leaves_its_slot()
    {
        using var throttle = new Throttle(1, _time);
        throttle.RestFor(TimeSpan.FromSeconds(30));
        using var patience = new CancellationTokenSource();
        var impatient = throttle.EnterAsync(patience.Token);
        await _time.ArmedAsync();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        _time.Advance(TimeSpan.FromSeconds(30));

        (await Eventually.CompletesAsync(throttle.EnterAsync(CancellationToken.None), "the only slot")).Dispose();
    }
}
