using System.Text.Json;
using System.Xml.Linq;
using Relay.Smtp.Client;
using Relay.TestKit;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

public sealed class ListenCommandTests : CommandTest
{
    [Fact]
    public async Task Each_event_is_on_a_line()
    {
        CommandRun run = CommandRun.Against(Relay, ["listen", "--count", "1"]);
        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1"), Envelopes.NewMail("w2", "I2")));
        await run.EndsWithAsync(0);
        Assert.Equal(
            ["NewMail in ann@corp.example/inbox", "  NewMail   2026-03-02T09:00:00Z  item I1", "  NewMail   2026-03-02T09:00:00Z  item I2"],
            run.Lines);
    }

    [Fact]
    public async Task Json_is_for_programs()
    {
        CommandRun run = CommandRun.Against(Relay, ["listen", "--count", "1", "--json"]);
        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await run.EndsWithAsync(0);
        JsonElement printed = Assert.Single(run.Json);
        Assert.Equal("S", printed.GetProperty("subscriptionId").GetString());
        Assert.Equal("I1", printed.GetProperty("events")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task What_is_told_of_items_is_shown()
    {
        XNamespace r = "urn:soap-relay:v1";
        var items = new XElement(r + "Items",
            new XElement(r + "Item", new XAttribute("Id", "I1"), new XAttribute("State", "Told"),
                new XElement(r + "Subject", "Order\t1"), new XElement(r + "From", "shop@web.example"), new XElement(r + "Received", "2026-03-02T09:00:00Z"),
                new XElement(r + "Content", new XAttribute("href", "cid:1.n%2b1@gateway.example"))),
            new XElement(r + "Item", new XAttribute("Id", "I2"), new XAttribute("State", "Gone")));
        byte[] push = Envelopes.WithHeader(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1"), Envelopes.NewMail("w2", "I2")), items);
        byte[] part = "Subject: Order 1\r\n\r\nHello"u8.ToArray();
        SoapMail mail = Relay.Compose(push) with { Attachments = [new SoapAttachment("1.n+1@gateway.example", "message/rfc822", part) { IsSevenBit = true }] };
        CommandRun run = CommandRun.Against(Relay, ["listen", "--count", "1"]);
        await Eventually.TrueAsync(async () => await Relay.SendAsync(mail) is DeliveryOutcome.Delivered, "the listener open");
        await run.EndsWithAsync(0);
        Assert.Equal(
            ["            item I1: \"Order 1\", from shop@web.example, received 2026-03-02T09:00:00Z, with its 25 octets", "            item I2: Gone"], run.Lines[^2..]);

        CommandRun json = CommandRun.Against(Relay, ["listen", "--count", "1", "--json"]);
        await Eventually.TrueAsync(async () => await Relay.SendAsync(mail) is DeliveryOutcome.Delivered, "the listener open");
        await json.EndsWithAsync(0);
        JsonElement told = Assert.Single(json.Json).GetProperty("items");
        Assert.Equal("Told Order\t1 25", $"{told[0].GetProperty("state")} {told[0].GetProperty("subject")} {told[0].GetProperty("octets")}");
    }

    [Fact]
    public async Task Person_sees_a_table()
    {
        CommandRun run = CommandRun.Against(Relay, ["listen", "--count", "1"], isTerminal: true);
        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await run.EndsWithAsync(0);
        Assert.Contains("Listening for mail to app@localhost", run.Out, StringComparison.Ordinal);
        Assert.Contains("│", run.Out, StringComparison.Ordinal);
        Assert.Contains("I1", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_notification_is_told_with_the_command_that_brings_it_back()
    {
        CommandRun run = CommandRun.Against(Relay, ["listen", "--count", "2"]);
        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await NotifyAsync(Envelopes.Push("S", "w2", Envelopes.NewMail("w3", "I3")));
        await run.EndsWithAsync(0);
        Assert.EndsWith("relay-client get-events S w1", run.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_brings_back_what_was_lost_and_nothing_twice()
    {
        AnswerWith(
            Envelopes.Events("S", "w1", more: true, Envelopes.NewMail("w2", "I2")),
            Envelopes.Events("S", "w2", more: false, Envelopes.NewMail("w3", "I3"), Envelopes.NewMail("w4", "I4")));
        CommandRun run = CommandRun.Against(Relay, ["listen", "--fetch", "--count", "2", "--json"]);
        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await NotifyAsync(Envelopes.Push("S", "w3", Envelopes.NewMail("w4", "I4")));
        await run.EndsWithAsync(0);
        Assert.Equal(["I1", "I2", "I3", "I4"], ItemsOf(run));
        Assert.Equal("w1", (await RequestAsync<GetEventsRequest>()).Watermark);
    }

    [Fact]
    public async Task Fetch_stops_where_the_notification_itself_begins_though_a_heartbeat_was_lost_before_it()
    {
        AnswerWith(Envelopes.Events("S", "w1", more: false, Envelopes.NewMail("w2", "I2"), Envelopes.NewMail("w4", "I4"), Envelopes.NewMail("w5", "I5")));
        CommandRun run = CommandRun.Against(Relay, ["listen", "--fetch", "--count", "2", "--json"]);
        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await NotifyAsync(Envelopes.Push("S", "w3", Envelopes.NewMail("w4", "I4")));
        await run.EndsWithAsync(0);
        Assert.Equal(["I1", "I2", "I4"], ItemsOf(run));
    }

    [Fact]
    public async Task State_makes_the_chain_whole_across_restarts()
    {
        using var folder = new TempFolder();
        string state = folder.File("watermarks.json");
        CommandRun before = CommandRun.Against(Relay, ["listen", "--count", "1", "--state", state]);
        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await before.EndsWithAsync(0);

        AnswerWith(Envelopes.Events("S", "w1", more: false, Envelopes.NewMail("w2", "I2")));
        CommandRun after = CommandRun.Against(Relay, ["listen", "--count", "1", "--state", state, "--fetch", "--json"]);
        await NotifyAsync(Envelopes.Push("S", "w2", Envelopes.NewMail("w3", "I3")));
        await after.EndsWithAsync(0);
        Assert.Equal(["I2", "I3"], ItemsOf(after));
    }

    [Fact]
    public async Task Subscribe_notes_where_the_chain_begins()
    {
        using var folder = new TempFolder();
        string state = folder.File("watermarks.json");
        AnswerWith(Envelopes.Subscribed("S", "w0"));
        await CommandRun.Against(Relay, ["subscribe", "--mailbox", "ann@corp.example", "--state", state]).EndsWithAsync(0);

        CommandRun run = CommandRun.Against(Relay, ["listen", "--count", "1", "--state", state]);
        await NotifyAsync(Envelopes.Push("S", "w1", Envelopes.NewMail("w2", "I2")));
        await run.EndsWithAsync(0);
        Assert.EndsWith("relay-client get-events S w0", run.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_holds_something_else_is_a_sentence()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("notes.txt"), "buy milk");
        CommandRun run = CommandRun.Against(Relay, ["listen", "--state", folder.File("notes.txt")]);
        await run.EndsWithAsync(1);
        Assert.Contains("does not hold watermarks", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acknowledge_replies_to_the_notification()
    {
        CommandRun run = CommandRun.Against(Relay, ["listen", "--count", "1", "--acknowledge"]);
        SoapMail notification = await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await run.EndsWithAsync(0);
        SoapMailRequest reply = await Relay.RequestAsync();
        Assert.Equal(notification.MessageId, reply.InReplyToRaw);
        var result = Assert.IsType<EwsRequestResult.Read>(EwsRequestReader.Read(Envelope(reply).Body!)).Request;
        Assert.Equal(SubscriptionStatus.OK, Assert.IsType<SendNotificationResultRequest>(result).Status);
    }

    [Fact]
    public async Task Answer_to_another_program_is_shown()
    {
        using var stop = new CancellationTokenSource();
        CommandRun listening = CommandRun.Against(Relay, ["listen"], stop: stop.Token);
        await NotifyAsync(Envelopes.Push("T", "w0", Envelopes.NewMail("w1", "I1")));
        AnswerWith(Envelopes.Subscribed("S", "w0"));
        CommandRun asking = CommandRun.Start(
            "subscribe", "--mailbox", "ann@corp.example", "--no-wait", "--server", $"127.0.0.1:{Relay.Port}");
        await asking.EndsWithAsync(0);
        Assert.StartsWith($"Sent as {(await Relay.RequestAsync()).AnswersTo}", asking.Out, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => listening.Out.Contains("SubscriptionId: S", StringComparison.Ordinal), "the answer");
        await stop.CancelAsync();
        await listening.EndsWithAsync(0);
    }

    [Fact]
    public async Task Gap_is_told()
    {
        using var stop = new CancellationTokenSource();
        CommandRun run = CommandRun.Against(Relay, ["listen"], stop: stop.Token);
        await NotifyAsync(Envelopes.Gap("S"));
        await Eventually.TrueAsync(() => run.Out.Contains("ErrorMissedNotificationEvents", StringComparison.Ordinal), "the gap");
        await stop.CancelAsync();
        await run.EndsWithAsync(0);
    }

    private static IEnumerable<string?> ItemsOf(CommandRun run) => run.Json
        .SelectMany(printed => printed.GetProperty("events").EnumerateArray())
        .Select(one => one.GetProperty("id").GetString());
}
