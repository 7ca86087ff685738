using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>exchangelib, unchanged, as Debian packages it. Its requests are held to the published schema where that is at hand.</summary>
public sealed class ExchangelibTests
{
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData("folders")]
    [InlineData("items")]
    [InlineData("send")]
    [InlineData("pull")]
    [InlineData("streaming")]
    [InlineData("sync")]
    public async Task It_takes_the_simulator_for_exchange(string step)
    {
        await SkipWithoutItAsync();
        await using var simulator = await StartAsync(options =>
        {
            options.Minute = TimeSpan.FromSeconds(3);
            options.SchemaFolder = SchemaFolder;
        });
        var (code, output) = await ToolRun.RunAsync(Python, Script, simulator.Server.BoundUrl.ToString(), Ann, step);
        Assert.True(code == 0 && output.TrimEnd() == step + " ok", output);
    }

    [Fact]
    public async Task Its_parser_reads_what_is_pushed()
    {
        await SkipWithoutItAsync();
        await using var simulator = await StartAsync();
        await using var listener = new PushListener();
        var subscribed = await simulator.SubscribeAsync(
            new SubscribeRequest(SubscriptionKind.Push, false, Named("inbox"), EwsEventTypes.All, null, null, 30, listener.Url));
        await listener.NextAsync();
        simulator.Server.DeliverMail(Ann, "hello", Bob);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, (await listener.NextRawAsync()).Body, TestContext.Current.CancellationToken);
            var (_, output) = await ToolRun.RunAsync(Python, Script, "push", file);
            Assert.Equal($"CreatedEvent,NewMailEvent,ModifiedEvent {subscribed.SubscriptionId}", output.TrimEnd());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "Clients", "exchangelib_client.py");

    private static async Task SkipWithoutItAsync()
    {
        if (!File.Exists(Python) || (await ToolRun.RunAsync(Python, "-c", "import exchangelib")).Code != 0)
        {
            Assert.Skip("exchangelib is not here (Debian: python3-exchangelib).");
        }
    }
}
