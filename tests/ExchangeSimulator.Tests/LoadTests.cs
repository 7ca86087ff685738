using System.Diagnostics;
using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

public sealed class LoadTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_thousand_mailboxes_are_streamed_without_loss()
    {
        const int Mailboxes = 1000;
        const int Rounds = 5;
        await using var simulator = await StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < Mailboxes; i++)
        {
            ids.Add((await simulator.SubscribeAsync(new SubscribeRequest(
                SubscriptionKind.Streaming, false, [new FolderReference.Distinguished("inbox", $"user{i}@corp.example")], EwsEventTypes.All))).SubscriptionId);
        }

        var clock = Stopwatch.StartNew();
        var readings = ids.Chunk(200).Select(chunk => ReadAsync(simulator, chunk, chunk.Length * Rounds * 3)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Mailboxes; i++)
            {
                simulator.Server.DeliverMail($"user{i}@corp.example", "load", Bob);
            }
        }

        Assert.Equal(Mailboxes * Rounds * 3, (await Task.WhenAll(readings)).Sum());
        output.WriteLine($"{Mailboxes * Rounds * 3 / clock.Elapsed.TotalSeconds:F0} events/s from {Mailboxes} mailboxes over 5 streams");
    }

    private static async Task<int> ReadAsync(Simulator simulator, string[] ids, int expected)
    {
        using var stream = await simulator.OpenStreamAsync(30, ids);
        var told = new HashSet<(string, MailboxEventType, string, int?)>();
        while (told.Count < expected)
        {
            foreach (var notification in (await stream.NextAsync()).Notifications)
            {
                Assert.All(notification.Events, entry =>
                    Assert.True(told.Add((notification.SubscriptionId, entry.Type, entry.Object.Id, entry.UnreadCount))));
            }
        }

        return told.Count;
    }
}
