using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.EndToEnd.Harness;
using Relay.TestKit;

namespace Relay.EndToEnd;

/// <summary>The sample client against the gateway, both as people start them: the client's own listener is the gateway's smarthost.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private readonly int _listener = FreePort.Next();

    private Gateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await Gateway.StartAsync(new GatewayOptions
    {
        Settings = new Dictionary<string, string> { ["Delivery:Smarthost:Port"] = $"{_listener}" },
    });

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Month_prints_the_month()
    {
        await using RunningProgram client = Start("month", "2003", "1");

        Assert.True(await client.ExitAsync(TimeSpan.FromSeconds(60)) == 0, client.Transcript);
        Assert.Contains("    January 2003\nMo Tu We Th Fr Sa Su\n       1  2  3  4  5", client.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Month_without_arguments_asks_again_and_again_and_prints_results_as_they_come()
    {
        var start = new ProgramStart(ProgramPath) { Arguments = [.. Common, "month"], KeepInputOpen = true };
        await using RunningProgram client = RunningProgram.Start(start);
        foreach (string line in (string[])["2003", "1", "2024", "2"])
        {
            await client.WriteLineAsync(line);
        }

        await client.LineAsync("January 2003");
        await client.LineAsync("February 2024");
        await client.WriteLineAsync("");

        Assert.True(await client.ExitAsync(TimeSpan.FromSeconds(60)) == 0, client.Transcript);
        Assert.Contains("Year of request (Return to exit): ", client.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_and_follow_shows_events_and_ends_when_it_has_seen_enough()
    {
        await using RunningProgram client = Start("subscribe", "--mailbox", "ann@client.example", "--event", "Created", "--follow", "--count", "1");
        await client.LineAsync("ubscri");
        using var exchange = new EwsClient(_gateway.SimulatorUrl);

        // Whatever happens before the Subscribe is answered is not the subscriber's yet: one more item until one is shown.
        await Eventually.TrueAsync(
            async () =>
            {
                await exchange.CreateItemAsync("ann@client.example", "Hello");
                await Task.Delay(TimeSpan.FromMilliseconds(300));
                return client.HasExited;
            },
            $"the client ends after one notification; it wrote:\n{client.Transcript}");

        Assert.True(await client.ExitAsync() == 0, client.Transcript);
        Assert.Contains("Created", client.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_subscription_is_fetched_and_ended_by_commands()
    {
        using JsonDocument subscribed = await JsonAsync("subscribe", "--mailbox", "bob@client.example", "--event", "Created", "--kind", "pull");
        (string id, string watermark) = (Text(subscribed, "subscription"), Text(subscribed, "watermark"));
        using var exchange = new EwsClient(_gateway.SimulatorUrl);
        string item = await exchange.CreateItemAsync("bob@client.example", "Hello");

        // JSON may write '+' as \u002B.
        await Eventually.TrueAsync(
            async () => Regex.Unescape(await RunAsync("--json", "get-events", id, watermark)).Contains(item, StringComparison.Ordinal),
            $"get-events shows the event of {item}",
            TimeSpan.FromSeconds(60));
        await RunAsync("unsubscribe", id);

        await using RunningProgram again = Start("unsubscribe", id);
        Assert.Equal(1, await again.ExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("ErrorSubscriptionNotFound", again.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_that_is_not_there_is_told_in_a_sentence()
    {
        await using RunningProgram client = RunningProgram.Start(
            ProgramPath, "--server", $"127.0.0.1:{FreePort.Next()}", "--listen", $"127.0.0.1:{FreePort.Next()}", "month", "2003", "1");

        Assert.Equal(1, await client.ExitAsync(TimeSpan.FromSeconds(60)));
        Assert.NotEmpty(client.Errors);
        Sentences.AssertNoStackTrace(client);
    }

    private static string ProgramPath => Repository.Program("Relay.Client", "relay-client");

    private string[] Common =>
        ["--server", $"127.0.0.1:{_gateway.SmtpPort}", "--listen", $"127.0.0.1:{_listener}", "--from", "app@client.example"];

    private static string Text(JsonDocument json, string name) => json.RootElement.EnumerateObject()
        .First(property => property.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).Value.GetString()!;

    private RunningProgram Start(params string[] arguments) => RunningProgram.Start(ProgramPath, [.. Common, .. arguments]);

    private async Task<string> RunAsync(params string[] arguments)
    {
        await using RunningProgram client = Start(arguments);
        Assert.True(await client.ExitAsync(TimeSpan.FromSeconds(60)) == 0, client.Transcript);
        return client.Output;
    }

    private async Task<JsonDocument> JsonAsync(params string[] arguments) =>
        JsonDocument.Parse((await RunAsync(["--json", .. arguments])).Split('\n')[0]);
}
