using Microsoft.Extensions.Logging.Abstractions;
using Relay.Housekeeping;
using Relay.Store;
using Relay.TestKit;
using Relay.Tests.Store;

namespace Relay.Tests.Subscriptions;

/// <summary>The order in which a round does its work.</summary>
public sealed class HousekeepingTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task What_has_aged_is_removed_though_Exchange_takes_its_time_to_let_go_of_a_mailbox()
    {
        var store = _database.Current;
        await store.CommitAsync(
            t =>
            {
                long mailbox = t.Watches.MailboxId("m@corp.example");
                t.Watches.AddFolder(new WatchedFolder(mailbox, "inbox-id", "inbox", "state"));
                t.Events.Append(mailbox, [.. Enumerable.Range(0, 10).Select(i => StoreContract.Event($"{i}"))], false, StoreContract.Noon);
                return t.Outbox.Delivered(t.Outbox.Add(StoreContract.OutMail()), "250", StoreContract.Noon);
            },
            CancellationToken.None);
        var options = new RetentionOptions { MostEvents = 4 };
        var exchange = new SlowExchange();
        using var worker = new HousekeepingWorker(
            store,
            exchange,
            new EventRetention(store, options, NullLogger<EventRetention>.Instance),
            options,
            new ManualTimeProvider(StoreContract.Noon.AddDays(8)),
            NullLogger<HousekeepingWorker>.Instance);

        var round = worker.RoundAsync(CancellationToken.None);
        await exchange.Asked.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Empty(store.Read(t => t.Outbox.List(null, 0, 10)));
        Assert.Equal(4, store.Read(t => t.Events.After(1, new LogPosition(0), 100)).Count);
        Assert.False(round.IsCompleted);
        exchange.Go();
        await round;
    }
}
