using Microsoft.Extensions.Logging.Abstractions;
using Relay.Exchange;
using Relay.TestKit;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>Whatever ends the turn of a group but the relay's own stop, the group goes on: nobody else would start it again.</summary>
public sealed class GuardTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync();
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_timeout_somewhere_below_is_not_taken_for_a_stop()
    {
        using var source = new TimingOutSource(_stage);
        await source.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(
            () =>
            {
                source.Watch(1, Ann);
                return source.Count().Watched == 1;
            },
            "the source to have begun");

        await Eventually.CompletesAsync(source.SecondTurn, "the turn after the one that failed");
        await source.StopAsync(CancellationToken.None);
    }

    private sealed class TimingOutSource(ExchangeStage stage) : EventSource(
        stage.Preparer, stage.Store, stage.Options, TimeProvider.System, new Random(1), NullLogger.Instance)
    {
        private readonly TaskCompletionSource _secondTurn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _turns;

        public Task SecondTurn => _secondTurn.Task;

        protected override Task RunAsync(WatchGroup group, CancellationToken cancellationToken)
        {
            if (_turns++ == 0)
            {
                throw new TaskCanceledException("A request timed out.");
            }

            _secondTurn.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}
