using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Relay.Bounces;
using Relay.Store;
using Relay.Store.Sql;
using Relay.Subscriptions;
using Relay.TestKit;
using Relay.Tests.Store;

namespace Relay.Tests.Bounces;

/// <summary>Two relays look after the same suspended subscription.</summary>
public sealed class SharedSuspensionTests(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly PostgreSqlTestStore _database = new(server);
    private readonly ManualTimeProvider _clock = new(StoreContract.Noon);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task One_of_them_sends_the_probe()
    {
        var first = _database.Current;
        await using var second = _database.Open();
        var options = new BounceOptions();
        long id = await first.CommitAsync(
            t =>
            {
                long added = t.Subscriptions.Add(StoreContract.NewSubscription());
                t.Subscriptions.SetState(added, SubscriptionState.Suspended, "its mail comes back", StoreContract.Noon);
                t.Bounces.Save(new BounceRecord(added, 3, StoreContract.Noon, StoreContract.Noon, StoreContract.Noon, null, 0, null, "for a test"));
                return added;
            },
            CancellationToken.None);
        using var one = Worker(first, options);
        using var other = Worker(second, options);

        Task<int>[] rounds;
        await using (var third = new NpgsqlConnection(_database.Connection))
        {
            await third.OpenAsync();
            await using var holding = await third.BeginTransactionAsync();
            await ExecuteAsync(third, $"SELECT id FROM subscription WHERE id = {id} FOR UPDATE");
            rounds = [Task.Run(() => one.RoundAsync(CancellationToken.None)), Task.Run(() => other.RoundAsync(CancellationToken.None))];
            await BothWaitAsync(); // so that each has found it due, if it looked before
            await holding.CommitAsync();
        }

        int[] looked = await Task.WhenAll(rounds);
        Assert.Equal([1, 1], looked);
        Assert.Single(first.Read(t => t.Outbox.OfSubscription(id, 10)));
    }

    private async Task BothWaitAsync()
    {
        await using var connection = new NpgsqlConnection(_database.Connection); // in a transaction it would see one moment
        await connection.OpenAsync();
        var since = Stopwatch.StartNew();
        while (await ExecuteAsync(connection, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") is not 2L)
        {
            Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
            await Task.Delay(20);
        }
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private SuspensionWorker Worker(SqlStore store, BounceOptions options)
    {
        byte[] key = store.Read(t => t.Identity.SigningKey);
        var composer = new LifecycleComposer(new SubscriptionTokens(key), new OwnMessageIds(key, new IdSource(RandomNumberGenerator.Create())));
        return new SuspensionWorker(store, options, new BounceBook(options), composer, _clock, NullLogger<SuspensionWorker>.Instance);
    }
}
