using System.Text.Json;
using System.Xml.Linq;
using Relay.Smtp.Client;
using Relay.TestKit;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

public sealed class EwsCommandTests : CommandTest
{
    [Fact]
    public async Task Subscribe_prints_id_and_watermark()
    {
        AnswerWith(Envelopes.Subscribed("SubId", "w0"));
        CommandRun run = CommandRun.Against(Relay, ["subscribe", "--mailbox", "ann@corp.example"]);
        await run.EndsWithAsync(0);
        Assert.Equal(["SubscriptionId: SubId", "Watermark: w0"], run.Lines);

        SubscribeRequest asked = await RequestAsync<SubscribeRequest>();
        Assert.Equal(SubscriptionKind.Push, asked.Kind);
        Assert.Equal("mailto:app@localhost", asked.Url);
        Assert.Equal(EwsEventTypes.All, asked.EventTypes);
        Assert.Equal(new FolderReference.Distinguished("inbox", "ann@corp.example"), Assert.Single(asked.Folders));
    }

    [Fact]
    public async Task Subscribe_encodes_its_address_in_the_URL()
    {
        Relay.BeforeReply = async request => Assert.IsType<DeliveryOutcome.Delivered>(await Relay.SendAsync(Relay.Compose(Envelopes.Subscribed("SubId", "w0")) with
        {
            To = RelayDouble.Address("100%25?x=y@localhost"),
            InReplyTo = request.AnswersTo,
            AutoSubmitted = "auto-replied",
        }));
        CommandRun run = CommandRun.Against(Relay, ["subscribe", "--mailbox", "ann@corp.example", "--from", "100%25?x=y@localhost"]);
        await run.EndsWithAsync(0);

        Assert.Equal("mailto:100%2525%3Fx%3Dy@localhost", (await RequestAsync<SubscribeRequest>()).Url);
    }

    [Fact]
    public async Task Subscribe_sends_what_its_options_say()
    {
        AnswerWith(Envelopes.Subscribed("SubId", "w5"));
        CommandRun run = CommandRun.Against(Relay, [
            "subscribe", "--mailbox", "ann@corp.example", "--kind", "pull", "--folder", "inbox", "--folder", "calendar",
            "--folder-id", "AAMk",
            "--event", "NewMail", "--event", "deletedevent", "--timeout", "10", "--watermark", "w4", "--json"]);
        await run.EndsWithAsync(0);
        JsonElement printed = Assert.Single(run.Json);
        Assert.Equal("SubId", printed.GetProperty("subscriptionId").GetString());
        Assert.Equal("w5", printed.GetProperty("watermark").GetString());

        SubscribeRequest asked = await RequestAsync<SubscribeRequest>();
        Assert.Equal(SubscriptionKind.Pull, asked.Kind);
        Assert.Equal(10, asked.TimeoutMinutes);
        Assert.Equal("w4", asked.Watermark);
        Assert.Equal(EwsEventTypes.NewMail | EwsEventTypes.Deleted, asked.EventTypes);
        Assert.Equal(3, asked.Folders.Count);
    }

    [Fact]
    public async Task Subscribe_says_in_its_header_what_a_relay_has_beyond_Exchange()
    {
        AnswerWith(Envelopes.Subscribed("SubId", "w0"));
        CommandRun run = CommandRun.Against(Relay, [
            "subscribe", "--mailbox", "ann@corp.example", "--demand-acknowledgement", "--digest-minutes", "15", "--digest-events", "20",
            "--coalesce", "--content", "properties", "--largest-mail", "65536"]);
        await run.EndsWithAsync(0);
        SoapEnvelope asked = Envelope(await Relay.RequestAsync());
        Assert.Null(EwsSchema.Validate(asked.Xml));
        Assert.Contains(asked.Headers, block => block.Name == XName.Get("Acknowledge", "urn:soap-relay:v1"));
        DeliveryWishes wishes = DeliveryHeader.Read(asked.Headers.Single(block => block.Name == DeliveryHeader.Name), out string? fault);
        Assert.Null(fault);
        Assert.Equal(
            new DeliveryWishes { DigestMinutes = 15, DigestEvents = 20, Coalesce = true, Content = DeliveryContent.Properties, LargestMail = 65536 },
            wishes);
        Assert.All(
            asked.Headers.Where(block => block.Name.NamespaceName == "urn:soap-relay:v1"),
            block => Assert.Equal("1", block.Attribute(EwsNames.Soap + "mustUnderstand")?.Value));
    }

    [Fact]
    public async Task Subscribe_without_such_options_has_no_header_of_a_relay()
    {
        AnswerWith(Envelopes.Subscribed("SubId", "w0"));
        await CommandRun.Against(Relay, ["subscribe", "--mailbox", "ann@corp.example"]).EndsWithAsync(0);
        Assert.DoesNotContain(Envelope(await Relay.RequestAsync()).Headers, block => block.Name.NamespaceName == "urn:soap-relay:v1");
    }

    [Fact]
    public async Task Refusal_is_a_sentence_with_the_code()
    {
        AnswerWith(Envelopes.Refusal("Subscribe", "ErrorAccessDenied", "Access is denied."));
        CommandRun run = CommandRun.Against(Relay, ["subscribe", "--mailbox", "ann@corp.example"]);
        await run.EndsWithAsync(1);
        Assert.Equal($"The relay refused: Access is denied. (ErrorAccessDenied){Environment.NewLine}", run.Error);
    }

    [Fact]
    public async Task Subscribe_with_follow_goes_on_listening()
    {
        using var stop = new CancellationTokenSource();
        AnswerWith(Envelopes.Subscribed("SubId", "w0"));
        CommandRun run = CommandRun.Against(Relay, ["subscribe", "--mailbox", "ann@corp.example", "--follow"], stop: stop.Token);
        await Eventually.TrueAsync(() => run.Out.Contains("w0", StringComparison.Ordinal), "the subscription");
        await NotifyAsync(Envelopes.Push("SubId", "w1", Envelopes.NewMail("w2", "I1")));
        await Eventually.TrueAsync(() => run.Out.Contains("I1", StringComparison.Ordinal), "the event");
        Assert.Contains("relay-client get-events SubId w0", run.Out, StringComparison.Ordinal);
        await stop.CancelAsync();
        await run.EndsWithAsync(0);
    }

    [Fact]
    public async Task No_answer_in_time_is_a_sentence_with_the_id_of_the_request()
    {
        CommandRun run = CommandRun.Against(Relay, ["unsubscribe", "S", "--wait", "1"]);
        string? id = (await Relay.RequestAsync()).AnswersTo;
        await run.EndsWithAsync(1);
        Assert.Equal(
            $"No answer came within 1 s. The relay has the request ({id}): is its smarthost set to our --listen address?",
            run.Error.TrimEnd());
    }

    [Fact]
    public async Task Get_events_asks_until_there_are_no_more()
    {
        AnswerWith(
            Envelopes.Events("S", "w0", more: true, Envelopes.NewMail("w1", "I1")),
            Envelopes.Events("S", "w1", more: false, Envelopes.NewMail("w2", "I2")));
        CommandRun run = CommandRun.Against(Relay, ["get-events", "S", "w0"]);
        await run.EndsWithAsync(0);
        Assert.Equal("w0", (await RequestAsync<GetEventsRequest>()).Watermark);
        Assert.Equal("w1", (await RequestAsync<GetEventsRequest>()).Watermark);
        Assert.Equal(3, run.Lines.Length);
        Assert.Equal("Watermark: w2", run.Lines[^1]);
    }

    [Fact]
    public async Task Get_events_does_not_ask_for_ever()
    {
        AnswerWith(Envelopes.Events("S", "w0", more: true, Envelopes.Status("w0")));
        await CommandRun.Against(Relay, ["get-events", "S", "w0"]).EndsWithAsync(0);
    }

    [Fact]
    public async Task Unsubscribe_says_so()
    {
        AnswerWith(Envelopes.Unsubscribed());
        CommandRun run = CommandRun.Against(Relay, ["unsubscribe", "S"]);
        await run.EndsWithAsync(0);
        Assert.Equal(["Unsubscribed."], run.Lines);
        Assert.Equal("S", (await RequestAsync<UnsubscribeRequest>()).SubscriptionId);
    }
}
