using Relay.TestKit;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>
/// Exchange pushes the first notification at once, while the relay still keeps the subscription's id. A store that is slow just then must not
/// cost the subscription, whose end nobody would notice for two StatusFrequencies.
/// </summary>
public sealed class SlowStoreTests : IAsyncLifetime
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(7);
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        // A listener may take half a minute of the protocol, longer than ours waits; the next attempt comes after as much.
        var minute = 2 * (Slow - TimeSpan.FromSeconds(1));
        _stage = await SetAsync(options => options.Minute = minute);
        _stage.Options.Minute = minute;
        await _stage.ListenAsync();
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_subscription_survives_a_store_that_is_slow_while_it_is_made()
    {
        await _stage.WatchAsync(Ann, "inbox");
        await _stage.StopRelayAsync();
        _stage.Server.ForgetSubscriptions();
        using var release = new ManualResetEventSlim();
        var holding = Task.Run(() => _stage.Store.CommitAsync(_ => release.Wait(TimeSpan.FromMinutes(1)), CancellationToken.None));
        await _stage.StartRelayAsync();
        await Eventually.TrueAsync(() => _stage.Server.Subscriptions.Count == 1, "the subscription");
        var subscription = _stage.Server.Subscriptions[0];

        await Task.Delay(Slow);
        release.Set();
        Assert.True(await holding);
        await _stage.StreamingAsync(Ann);

        Assert.Equal(subscription, Assert.Single(_stage.Server.Subscriptions));
    }
}
