using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Housekeeping;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Tests.Store;

namespace Relay.Tests.Subscriptions;

/// <summary>Many subscriptions are behind when the log lets go of what they should have been told.</summary>
[Collection(nameof(AbsenceTests))] // it measures time
public sealed class RetentionTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Subscriptions = 10_000;
    private const int Events = 5_000;

    private readonly SqliteTestStore _database = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("before we note what goes", 2)]
    [InlineData("before we remove it", 3)]
    public async Task What_another_relay_lets_go_of_meanwhile_is_not_removed_before_that_has_noted_it(string when, int commit)
    {
        var store = _database.Current;
        long id = await store.CommitAsync(
            t =>
            {
                long mailbox = t.Watches.MailboxId("m@corp.example");
                t.Events.Append(mailbox, [.. Enumerable.Range(0, 10).Select(i => StoreContract.Event($"{i}") with { TimeStamp = StoreContract.Noon.AddMinutes(i) })], false, StoreContract.Noon);
                return t.Subscriptions.Add(StoreContract.NewSubscription(mailbox: mailbox));
            },
            CancellationToken.None);
        var shared = new SharedStore(store, commit, t => Assert.True(t.Events.Retire(StoreContract.Noon, mostKept: 2, atMost: 100)));

        await Retention(shared, keeps: 5).RunAsync(StoreContract.Noon, CancellationToken.None);
        await Retention(store, keeps: 2).RunAsync(StoreContract.Noon, CancellationToken.None); // the other goes on

        Assert.Equal((when, new DroppedEvents(8, StoreContract.Noon, StoreContract.Noon.AddMinutes(7))), (when, SubscriptionSettings.Of(store.Read(t => t.Subscriptions.Find(id))!).Dropped));
        Assert.Equal(2, store.Read(t => t.Events.After(1, new LogPosition(0), 100)).Count);
    }

    [Fact]
    public async Task The_gap_of_each_is_noted_and_nobody_waits_long_for_the_writer_meanwhile()
    {
        var store = _database.Current;
        await store.CommitAsync(
            t =>
            {
                long mailbox = t.Watches.MailboxId("m@corp.example");
                for (int i = 0; i < Subscriptions; i++)
                {
                    t.Subscriptions.Add(StoreContract.NewSubscription($"s{i}", mailbox: mailbox));
                }

                return t.Events.Append(mailbox, [.. Enumerable.Range(0, Events + 1000).Select(i => StoreContract.Event($"{i}"))], false, StoreContract.Noon);
            },
            CancellationToken.None);
        var retention = Retention(store, keeps: 1000);

        var clock = Stopwatch.StartNew();
        var running = Task.Run(() => retention.RunAsync(StoreContract.Noon, CancellationToken.None));
        var longest = TimeSpan.Zero;
        while (!running.IsCompleted)
        {
            var since = clock.Elapsed;
            await store.CommitAsync(t => t.Streams is not null, CancellationToken.None);
            longest = clock.Elapsed - since is var waited && waited > longest ? waited : longest;
            await Task.Delay(5);
        }

        output.WriteLine($"{clock.Elapsed.TotalSeconds:F1} s for {Subscriptions} subscriptions, {longest.TotalMilliseconds:F0} ms for one who waited");
        Assert.Equal(Events, await running);
        Assert.All(
            store.Read(t => t.Subscriptions.Active()),
            subscription => Assert.Equal(new DroppedEvents(Events, StoreContract.Noon, StoreContract.Noon), SubscriptionSettings.Of(subscription).Dropped));
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(2)); // a slow machine; some 50 ms
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    private static EventRetention Retention(IStore store, long keeps) =>
        new(store, new RetentionOptions { MostEvents = keeps }, NullLogger<EventRetention>.Instance);
}
