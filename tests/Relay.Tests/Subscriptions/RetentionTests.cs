using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Housekeeping;
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
        var retention = new EventRetention(store, new RetentionOptions { MostEvents = 1000 }, NullLogger<EventRetention>.Instance);

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
}
