using System.Text.Json;
using Relay.TestKit;

namespace Relay.Client.Tests;

/// <summary>The commands against a real relay.</summary>
public sealed class RealRelayTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private RunningRelay _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await RunningRelay.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Notification_that_was_lost_is_fetched_and_nothing_is_missing()
    {
        string state = _folder.File("watermarks.json");
        JsonElement made = (await RunAsync("subscribe", "--mailbox", "ann@localhost", "--event", "NewMail", "--state", state))[0];
        // A listener without the file stands for one that took a mail and died before it was dealt with.
        string[] lost = Ids(await RunAsync("listen", "--count", "1"));

        string[] seen = Ids(await RunAsync("listen", "--count", "2", "--state", state, "--fetch"));

        string[] all = Ids(await RunAsync("get-events", Text(made, "subscriptionId"), Text(made, "watermark")));
        Assert.NotEmpty(lost);
        Assert.Equal(all[..seen.Length], seen);
    }

    [Fact]
    public async Task Item_that_an_event_is_about_is_fetched_as_a_mail_and_one_that_is_none_is_a_sentence()
    {
        await RunAsync("subscribe", "--mailbox", "ann@localhost", "--event", "NewMail");
        string id = Ids(await RunAsync("listen", "--count", "1"))[0];
        string file = _folder.File("item.eml");
        JsonElement item = (await RunAsync("get-item", id, "--mailbox", "ann@localhost", "--mime", file))[0];
        Assert.Equal(id, Text(item, "id"));
        Assert.Contains($"Subject: {Text(item, "subject")}", await File.ReadAllTextAsync(file), StringComparison.Ordinal);

        CommandRun none = CommandRun.Between(
            _relay.Port, _relay.SubscriberPort, ["get-item", "none", "--mailbox", "ann@localhost"], TextReader.Null);
        await none.EndsWithAsync(1, TimeSpan.FromSeconds(60));
        Assert.Contains("ErrorInvalidIdMalformed", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_shows_events_until_its_subscription_is_ended()
    {
        string id = Text((await RunAsync("subscribe", "--mailbox", "ann@localhost", "--event", "NewMail", "--kind", "streaming"))[0], "subscriptionId");
        CommandRun stream = CommandRun.Between(_relay.Port, _relay.SubscriberPort, ["stream", id, "--minutes", "1", "--json"], TextReader.Null);
        await Eventually.TrueAsync(() => Ids(stream.Json).Length >= 2, "two events", TimeSpan.FromSeconds(60));

        await CommandRun.Start("unsubscribe", id, "--server", $"127.0.0.1:{_relay.Port}", "--no-wait").ExitCode;

        await stream.EndsWithAsync(1, TimeSpan.FromSeconds(60));
        Assert.Contains("ErrorSubscriptionUnsubscribed", stream.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_months_are_asked_for_at_once()
    {
        JsonElement[] months = await RunAsync("month", input: "2026\n1\n2026\n2\n2026\n3\n");
        Assert.Equal([1, 2, 3], months.Select(month => month.GetProperty("month").GetInt32()).Order());
        Assert.All(months, month => Assert.Contains("2026", Text(month, "text"), StringComparison.Ordinal));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string[] Ids(IEnumerable<JsonElement> printed) =>
        [.. printed.Where(one => one.TryGetProperty("events", out _)).SelectMany(one => one.GetProperty("events").EnumerateArray())
            .Select(one => Text(one, "id"))];

    private Task<JsonElement[]> RunAsync(params string[] args) => RunAsync(args, TextReader.Null);

    private Task<JsonElement[]> RunAsync(string command, string input) => RunAsync([command], new StringReader(input));

    private async Task<JsonElement[]> RunAsync(string[] args, TextReader input)
    {
        CommandRun run = CommandRun.Between(_relay.Port, _relay.SubscriberPort, [.. args, "--json"], input);
        await run.EndsWithAsync(0, TimeSpan.FromSeconds(60));
        return run.Json;
    }
}
