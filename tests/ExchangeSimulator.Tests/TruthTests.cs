using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>Whoever follows the simulator in one of the ways there are ends up with what it holds. Chance is seeded.</summary>
public sealed class TruthTests
{
    private static readonly string[] Folders = ["inbox", "archive", "deleteditems"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_client_that_synchronises_now_and_then_holds_what_the_folders_hold(int seed)
    {
        await using var simulator = await StartAsync(options => options.Seed = seed);
        var random = new Random(seed);
        var states = new Dictionary<string, string?>();
        var replicas = Folders.ToDictionary(name => name, _ => new Dictionary<string, string?>());
        await simulator.InboxAsync();
        for (var i = 0; i < 300; i++)
        {
            simulator.Server.MakeActivity();
            if (random.Next(10) == 0)
            {
                var name = Folders[random.Next(Folders.Length)];
                await SyncAsync(simulator, name, states, replicas[name], 1 + random.Next(5), toTheEnd: random.Next(2) == 0);
            }
        }

        foreach (var name in Folders)
        {
            await SyncAsync(simulator, name, states, replicas[name], 512, toTheEnd: true);
            var fresh = new Dictionary<string, string?>();
            await SyncAsync(simulator, name, new Dictionary<string, string?>(), fresh, 512, toTheEnd: true);
            Assert.Equal(fresh.OrderBy(item => item.Key), replicas[name].OrderBy(item => item.Key));
        }

        Assert.True(replicas.Values.Sum(replica => replica.Count) > 20);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_client_that_pulls_now_and_then_hears_every_event_once_and_in_order(int seed)
    {
        await using var simulator = await StartAsync(options => options.Seed = seed);
        var random = new Random(seed);
        var subscribed = await simulator.PullAsync();
        var heard = new List<MailboxEvent>();
        for (var i = 0; i < 300; i++)
        {
            simulator.Server.MakeActivity();
            if (random.Next(15) == 0)
            {
                subscribed = await PullAsync(simulator, subscribed, heard, toTheEnd: random.Next(2) == 0);
            }
        }

        await PullAsync(simulator, subscribed, heard, toTheEnd: true);
        // On the wire a time has whole seconds.
        Assert.Equal(
            simulator.Server.EventsOf(Ann).Select(entry => entry with { TimeStamp = default }),
            heard.Select(entry => entry with { TimeStamp = default }));
    }

    private static async Task<EwsSubscribed> PullAsync(Simulator simulator, EwsSubscribed subscribed, List<MailboxEvent> heard, bool toTheEnd)
    {
        EwsNotification told;
        do
        {
            told = await simulator.EventsAsync(subscribed);
            Assert.Equal(subscribed.Watermark, told.PreviousWatermark);
            heard.AddRange(told.Events.Where(entry => entry.Type != MailboxEventType.Status));
            subscribed = subscribed with { Watermark = told.Events[^1].Watermark };
        }
        while (toTheEnd && told.MoreEvents == true);

        return subscribed;
    }

    private static async Task SyncAsync(
        Simulator simulator, string name, Dictionary<string, string?> states, Dictionary<string, string?> replica, int most, bool toTheEnd)
    {
        EwsSyncAnswer answer;
        do
        {
            var state = states.GetValueOrDefault(name);
            answer = Success(EwsResponseReader.Sync(await simulator.CallAsync(
                EwsRequestWriter.SyncFolderItems(new FolderReference.Distinguished(name), state, most))));
            states[name] = answer.SyncState;
            foreach (var change in answer.Changes)
            {
                Apply(replica, change);
            }
        }
        while (toTheEnd && !answer.IsLast);
    }

    private static void Apply(Dictionary<string, string?> replica, EwsChange change)
    {
        switch (change.Kind)
        {
            case EwsChangeKind.Create:
                Assert.True(replica.TryAdd(change.Id.Id, change.Id.ChangeKey), "created twice");
                break;
            case EwsChangeKind.Delete:
                replica.Remove(change.Id.Id);
                break;
            default:
                Assert.True(replica.ContainsKey(change.Id.Id), "changed before it was created");
                replica[change.Id.Id] = change.Id.ChangeKey;
                break;
        }
    }
}
