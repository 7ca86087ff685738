using System.Text.Json;
using System.Xml.Linq;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Operator;

/// <summary>The operator's commands beside a running relay: what they tell, and what they do to the relay that runs.</summary>
public sealed class HandsTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string App = "app@hands.example";
    private static readonly MailServerOrder Later = new MailServerOrder.Answer("450 4.2.0 mailbox busy");

    [Fact]
    public async Task A_deferred_mail_is_listed_with_its_reply_and_goes_at_once_when_made_due()
    {
        await using Gateway gateway = await StartAsync();
        gateway.Smarthost.ForRecipient(App, Later);
        await AskAsync(gateway, "<busy@hands.example>");

        JsonElement mail = await ListedAsync(gateway, "deferred");
        string id = mail.GetProperty("id").GetString()!;
        Assert.Equal("answer", mail.GetProperty("kind").GetString());
        Assert.Equal(1, mail.GetProperty("attempts").GetInt32());
        Assert.Contains("450 4.2.0 mailbox busy", mail.GetProperty("lastOutcome").GetString(), StringComparison.Ordinal);
        Assert.True(mail.GetProperty("nextTry").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(20));
        string text = await RunAsync(gateway, "queue", "list");
        Assert.Contains(id, text, StringComparison.Ordinal);
        Assert.Contains("450 4.2.0 mailbox busy", text, StringComparison.Ordinal);
        string shown = await RunAsync(gateway, "queue", "show", id, "--body");
        Assert.Contains("In-Reply-To: <busy@hands.example>", shown, StringComparison.Ordinal);

        gateway.Smarthost.ForRecipient(App, null);
        Assert.Contains("made due now", await RunAsync(gateway, "queue", "retry", id), StringComparison.Ordinal);

        await gateway.AnswerToAsync("<busy@hands.example>");
        await Eventually.TrueAsync(async () => (await RunAsync(gateway, "queue", "list")).Contains("empty", StringComparison.Ordinal), "an empty queue");
    }

    [Fact]
    public async Task A_trace_tells_the_whole_story_of_a_mail_in_order_from_any_of_its_ids()
    {
        await using Gateway gateway = await StartAsync();
        gateway.Smarthost.ForRecipient(App, Later);
        await AskAsync(gateway, "<story@hands.example>");
        string id = (await ListedAsync(gateway, "deferred")).GetProperty("id").GetString()!;
        gateway.Smarthost.ForRecipient(App, null);
        await RunAsync(gateway, "queue", "retry", id);
        string answer = (await gateway.AnswerToAsync("<story@hands.example>")).MessageId!;
        await Eventually.TrueAsync(async () => (await RunAsync(gateway, "trace", id)).Contains("delivered", StringComparison.Ordinal), "the delivery in the trace");

        string[] stories = await Task.WhenAll(
            new[] { "<story@hands.example>", "story@hands.example", answer, answer.Trim('<', '>'), id }
                .Select(any => RunAsync(gateway, "trace", any)));

        Assert.All(stories, story => Assert.Equal(stories[0], story));
        string[] words = ["received", "by smtp from 127.0.0.1", "handled", "<story@hands.example>", "made", "attempt failed", "450 4.2.0", "by hand", "delivered", "250"];
        int at = 0;
        Assert.All(words, word => Assert.True((at = stories[0].IndexOf(word, at, StringComparison.Ordinal)) >= 0, $"{word} is not told in its place:\n{stories[0]}"));
        JsonElement json = await JsonAsync(gateway, "trace", id, "--json");
        Assert.Equal(["received", "handled", "made", "attempt failed", "by hand", "delivered"], Whats(json));
    }

    [Fact]
    public async Task Dropping_a_notification_shows_its_subscriber_a_gap_and_the_next_one_follows()
    {
        await using Gateway gateway = await StartAsync();
        using var exchange = new EwsClient(gateway.SimulatorUrl);
        XElement subscribed = await SubscribeAsync(gateway);
        gateway.Smarthost.ForRecipient(App, Later);
        await exchange.CreateItemAsync("ann@hands.example", "One");
        JsonElement mail = await ListedAsync(gateway, "deferred");
        Assert.Equal(("notification", 1), (mail.GetProperty("kind").GetString(), mail.GetProperty("sequence").GetInt32()));
        Assert.DoesNotMatch("bounce\\+[0-9a-f]", mail.GetProperty("from").GetString()!);

        gateway.Smarthost.ForRecipient(App, null);
        await RunAsync(gateway, "queue", "drop", mail.GetProperty("id").GetString()!);
        await exchange.CreateItemAsync("ann@hands.example", "Two");

        RecordedMail second = await gateway.Smarthost.MailAsync(m => m.Field("Relay-Sequence") == "2", $"the mail after the dropped one:\n{gateway.Log}");
        Assert.NotEqual(subscribed.Value("Watermark"), Soap.Body(second).Value("PreviousWatermark"));
        string story = await RunAsync(gateway, "trace", subscribed.Value("SubscriptionId")!);
        Assert.Contains("dropped by the operator", story, StringComparison.Ordinal);
        string byWatermark = await RunAsync(gateway, "trace", second.Field("Relay-Watermark")!);
        Assert.Contains("CreatedEvent in ann@hands.example", byWatermark, StringComparison.Ordinal);
        Assert.Contains(second.MessageId!, byWatermark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_hands_did_is_told_to_programs_too()
    {
        await using Gateway gateway = await StartAsync();
        string subscription = (await SubscribeAsync(gateway)).Value("SubscriptionId")!;
        gateway.Smarthost.ForRecipient(App, Later);
        await AskAsync(gateway, "<hands@hands.example>");
        string answer = (await ListedAsync(gateway, "deferred")).GetProperty("id").GetString()!;

        JsonElement retried = (await JsonAsync(gateway, "queue", "retry", answer, "--json")).GetProperty("mail");
        Assert.Equal((answer, "waiting"), (retried.GetProperty("id").GetString(), retried.GetProperty("state").GetString()));
        await ListedAsync(gateway, "deferred"); // it was tried, and put off again
        JsonElement dropped = await JsonAsync(gateway, "queue", "drop", answer, "--json");
        Assert.Equal("dropped", dropped.GetProperty("mail").GetProperty("state").GetString());
        Assert.False(dropped.GetProperty("senderTold").GetBoolean());
        JsonElement ended = (await JsonAsync(gateway, "subscriptions", "end", subscription, "--json")).GetProperty("subscription");
        Assert.Equal((subscription, "ended"), (ended.GetProperty("id").GetString(), ended.GetProperty("state").GetString()));
        Assert.Contains("operator", ended.GetProperty("reason").GetString(), StringComparison.Ordinal);

        foreach (string[] again in new string[][] { ["queue", "retry", answer], ["queue", "drop", answer], ["subscriptions", "end", subscription] })
        {
            var (code, output, errors) = await RelayCommand.RunAsync(gateway, [.. again, "--json"]);
            Assert.Equal((1, "", 1), (code, output, errors.Split('\n').Length));
        }
    }

    [Fact]
    public async Task A_mail_in_hand_is_left_alone_with_a_sentence()
    {
        await using Gateway gateway = await StartAsync();
        gateway.Smarthost.Always(MailServerStage.Content, new MailServerOrder.Hang());
        await AskAsync(gateway, "<held@hands.example>");
        string id = (await ListedAsync(gateway, "in hand", "answer")).GetProperty("id").GetString()!; // the request is in hand before it

        foreach (string verb in new[] { "retry", "drop" })
        {
            var (code, _, errors) = await RelayCommand.RunAsync(gateway, "queue", verb, id);
            Assert.Equal(1, code);
            Assert.Contains("in the hands of the relay right now", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_subscription_is_found_by_mailbox_owner_and_state_and_ended_for_good()
    {
        await using Gateway gateway = await StartAsync();
        using var exchange = new EwsClient(gateway.SimulatorUrl);
        string id = (await SubscribeAsync(gateway)).Value("SubscriptionId")!;

        foreach (string[] filter in new string[][] { [], ["--mailbox", "ANN@hands.example"], ["--owner", "app@hands"], ["--state", "active"] })
        {
            JsonElement listed = await JsonAsync(gateway, ["subscriptions", "list", "--json", .. filter]);
            Assert.Equal([id], listed.GetProperty("subscriptions").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
        }

        Assert.Contains("no such subscription", await RunAsync(gateway, "subscriptions", "list", "--state", "ended"), StringComparison.Ordinal);
        Assert.Contains("ann@hands.example", await RunAsync(gateway, "subscriptions", "show", id), StringComparison.Ordinal);

        await RunAsync(gateway, "subscriptions", "end", id);
        var (code, _, errors) = await RelayCommand.RunAsync(gateway, "subscriptions", "end", id);

        Assert.Equal((1, true), (code, errors.Contains("has ended already", StringComparison.Ordinal)));
        await exchange.CreateItemAsync("ann@hands.example", "Nobody is told");
        await AskAsync(gateway, "<after@hands.example>");
        await gateway.AnswerToAsync("<after@hands.example>");
        Assert.DoesNotContain(gateway.Smarthost.Mails, mail => mail.Field("Relay-Sequence") is not null && Soap.Body(mail).Name.LocalName == "SendNotification"
            && mail.BodyText.Contains("CreatedEvent", StringComparison.Ordinal));
        Assert.Contains("ended", await RunAsync(gateway, "subscriptions", "list", "--state", "ended"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_store_of_a_stopped_relay_can_be_asked_from_any_folder()
    {
        await using Gateway gateway = await StartAsync();
        string id = (await SubscribeAsync(gateway)).Value("SubscriptionId")!;
        await gateway.TerminateAsync();

        Assert.Contains(id, await RunAsync(gateway, "subscriptions", "list"), StringComparison.Ordinal);
        Assert.Contains("empty", await RunAsync(gateway, "queue", "list"), StringComparison.Ordinal);
        Assert.Contains("subscribed", await RunAsync(gateway, "trace", id), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no mail of that number", 1, "queue", "show", "out-999")]
    [InlineData("nothing to retry", 1, "queue", "retry", "in-999")]
    [InlineData("no subscription", 1, "subscriptions", "show", "bm8gc3VjaA==")]
    [InlineData("an id that nobody knows", 1, "trace", "<nobody@knows.example>")]
    [InlineData("not an id of the queue", 2, "queue", "drop", "34")]
    [InlineData("no such state", 2, "subscriptions", "list", "--state", "asleep")]
    [InlineData("not a number", 2, "queue", "list", "--limit", "0")]
    [InlineData("no command of the group", 2, "queue")]
    [InlineData("help of a group", 0, "queue", "--help")]
    [InlineData("help of its command", 0, "queue", "drop", "--help")]
    public async Task What_cannot_be_done_is_told_in_a_sentence(string why, int code, params string[] arguments)
    {
        var result = await RelayCommand.RunAsync(fixture.Gateway, arguments);

        Assert.True(result.Code == code, $"{why}: {result}");
        Assert.Equal(code == 0, result.Errors.Length == 0);
        Assert.True(code != 0 || result.Output.Contains("Example", StringComparison.Ordinal), why);
    }

    private static Task<Gateway> StartAsync() => Gateway.StartAsync(new GatewayOptions
    {
        Settings = new Dictionary<string, string> { ["Delivery:FirstRetry"] = "00:30:00" },
    });

    private static Task<string> AskAsync(Gateway gateway, string id) => gateway.MailAsync(
        App, "calendar@localhost", Soap.Mail(App, "calendar@localhost", id, Soap.Envelope(Soap.GetMonth(2003, 1))));

    private static async Task<XElement> SubscribeAsync(Gateway gateway)
    {
        string id = await gateway.MailAsync(App, "ews@localhost", Soap.Mail(
            App, "ews@localhost", "<subscribe@hands.example>", Soap.Envelope(Soap.PushSubscribe("ann@hands.example", App))));
        return Soap.Body(await gateway.AnswerToAsync(id));
    }

    private static async Task<string> RunAsync(Gateway gateway, params string[] arguments)
    {
        var (code, output, errors) = await RelayCommand.RunAsync(gateway, arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {errors}\n{gateway.Log}");
        return output;
    }

    private static async Task<JsonElement> JsonAsync(Gateway gateway, params string[] arguments) =>
        JsonDocument.Parse(await RunAsync(gateway, arguments)).RootElement;

    /// <summary>The one mail of the queues, once it is in this state.</summary>
    private static async Task<JsonElement> ListedAsync(Gateway gateway, string state, string? kind = null)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                JsonElement mails = (await JsonAsync(gateway, "queue", "list", "--json")).GetProperty("mails");
                found = mails.EnumerateArray().FirstOrDefault(mail => mail.GetProperty("state").GetString() == state
                    && (kind is null || mail.GetProperty("kind").GetString() == kind));
                return found.ValueKind == JsonValueKind.Object;
            },
            $"a mail that is {state}");
        return found;
    }

    private static IEnumerable<string?> Whats(JsonElement story) =>
        story.GetProperty("story").EnumerateArray().Select(step => step.GetProperty("what").GetString());
}
