using System.Diagnostics;
using System.Globalization;
using Relay.Store;

namespace Relay.Tests.Store;

/// <summary>What a start costs with a hundred thousand subscriptions on ten thousand mailboxes. Explicit: it takes a while.</summary>
public sealed class ScaleMeasurements(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Subscriptions = 100_000;
    private const int Mailboxes = 10_000;
    private const int Subscribers = 2_000;

    private readonly SqliteTestStore _database = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact(Explicit = true)]
    public async Task Active_subscriptions_are_loaded_within_the_aim()
    {
        for (var i = 0; i < Subscriptions; i += 1000)
        {
            var first = i;
            await _database.Current.CommitAsync(
                tx => Enumerable.Range(first, 1000).Select(n => tx.Subscriptions.Add(Subscription(n))).Count(), CancellationToken.None);
        }

        var store = await _database.ReopenAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();

        var active = store.Read(tx => tx.Subscriptions.Active());

        var elapsed = watch.Elapsed;
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{active.Count} subscriptions: {elapsed.TotalSeconds:0.00} s, {memory / 1e6:0} MB, {memory / active.Count} octets each; "
            + $"database {new FileInfo(_database.DatabaseFile).Length / 1e6:0} MB"));
        Assert.Equal(Subscriptions, active.Count);
        Assert.All(active.Take(100), subscription => Assert.Equal(2, subscription.Folders.Count));
        Assert.True(elapsed < TimeSpan.FromSeconds(5));
        Assert.True(memory < 300_000_000);
    }

    private static NewSubscription Subscription(int n)
    {
        var mailbox = n % Mailboxes;
        var folder = new string('A', 100) + mailbox.ToString("D8", CultureInfo.InvariantCulture);
        return StoreContract.NewSubscription(
            Convert.ToBase64String(Guid.NewGuid().ToByteArray()), $"app{n % Subscribers}@branch.example", mailbox + 1) with
        {
            Folders = [new SubscribedFolder(folder + "inbox", "inbox"), new SubscribedFolder(folder + "sent", "Sent Items")],
            NotifyAddress = $"app{n % Subscribers}@branch.example",
            RootMessageId = $"<{Guid.NewGuid():N}@branch.example>",
            Settings = null,
        };
    }
}
