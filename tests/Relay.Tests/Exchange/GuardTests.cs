using Microsoft.Extensions.Logging.Abstractions;
using Relay.Exchange;
using Relay.Store;
using Relay.TestKit;
using Relay.Tests.Store;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>Whatever fails but the relay's own stop, mailboxes are watched and leftovers ended: nobody else would begin again.</summary>
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

    [Theory]
    [InlineData("the mailboxes that are watched", 1)]
    [InlineData("those of which a subscription is left over", 2)]
    public async Task A_store_that_fails_at_the_start_is_asked_again(string why, int failingRead)
    {
        await CommitAsync(watches =>
        {
            watches.AddFolder(new WatchedFolder(watches.MailboxId(Ann), "AAMkAGFiYw==", "inbox", "state"));
            watches.SaveUpstreamSubscription(watches.MailboxId(Bob), "JgBleGNoYW5nZQ==");
        });
        var store = new FailingStore(_stage.Store) { FailingRead = failingRead };
        using var source = new IdleSource(_stage, store);
        await source.StartAsync(CancellationToken.None);

        await Eventually.TrueAsync(() => source.Count().Watched == 1, $"Ann to be watched ({why})");
        await Eventually.TrueAsync(() => Upstream(Bob) is null, $"Bob's leftover to be ended ({why})");
        await source.StopAsync(CancellationToken.None);
        Assert.False(source.ExecuteTask?.IsFaulted, why);
    }

    [Fact]
    public async Task Ending_an_old_subscription_does_not_forget_a_newer_one()
    {
        await CommitAsync(watches => watches.SaveUpstreamSubscription(watches.MailboxId(Ann), "bmV3"));
        var old = new MailboxWatch(1, Ann, "b2xk", new Backoff(TimeSpan.Zero, TimeSpan.Zero, new Random(1)));

        await _stage.Preparer.EndAsync(old, new Affinity(Ann), CancellationToken.None);

        Assert.Equal("bmV3", Upstream(Ann));
    }

    private Task<bool> CommitAsync(Action<IWatchTable> change) => _stage.Store.CommitAsync(
        transaction =>
        {
            change(transaction.Watches);
            return true;
        },
        CancellationToken.None);

    private string? Upstream(string mailbox) => _stage.Store.Read(transaction =>
        transaction.Watches.Mailbox(transaction.Watches.FindMailbox(mailbox)!.Value)!.UpstreamSubscription);

    private sealed class IdleSource(ExchangeStage stage, IStore store) : EventSource(
        stage.Preparer, store, stage.Options, TimeProvider.System, new Random(1), NullLogger.Instance)
    {
        protected override Task RunAsync(WatchGroup group, CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
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
