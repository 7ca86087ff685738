using System.Text.Json;
using Relay.Smtp.Client;
using Relay.TestKit;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

public sealed class EwsCommandTests : IAsyncLifetime
{
    private RelayDouble _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await RelayDouble.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Subscribe_prints_id_and_watermark()
    {
        AnswerWith(Envelopes.Subscribed("SubId", "w0"));
        CommandRun run = CommandRun.Against(_relay, ["subscribe", "--mailbox", "ann@corp.example"]);
        await run.EndsWithAsync(0);
        Assert.Equal(["SubscriptionId: SubId", "Watermark: w0"], run.Lines);

        SubscribeRequest asked = await RequestAsync<SubscribeRequest>();
        Assert.Equal(SubscriptionKind.Push, asked.Kind);
        Assert.Equal("mailto:app@localhost", asked.Url);
        Assert.Equal(EwsEventTypes.All, asked.EventTypes);
        Assert.Equal(new FolderReference.Distinguished("inbox", "ann@corp.example"), Assert.Single(asked.Folders));
    }

    [Fact]
    public async Task Subscribe_sends_what_its_options_say()
    {
        AnswerWith(Envelopes.Subscribed("SubId", "w5"));
        CommandRun run = CommandRun.Against(_relay, ["subscribe", "--mailbox", "ann@corp.example", "--kind", "pull", "--folder", "inbox", "--folder",
            "calendar", "--folder-id", "AAMk", "--event", "NewMail", "--event", "deletedevent", "--timeout", "10", "--watermark", "w4", "--json"]);
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
    public async Task Refusal_is_a_sentence_with_the_code()
    {
        AnswerWith(Envelopes.Refusal("Subscribe", "ErrorAccessDenied", "Access is denied."));
        CommandRun run = CommandRun.Against(_relay, ["subscribe", "--mailbox", "ann@corp.example"]);
        await run.EndsWithAsync(1);
        Assert.Equal($"The relay refused: Access is denied. (ErrorAccessDenied){Environment.NewLine}", run.Error);
    }

    [Fact]
    public async Task Subscribe_with_follow_goes_on_listening()
    {
        using var stop = new CancellationTokenSource();
        AnswerWith(Envelopes.Subscribed("SubId", "w0"));
        CommandRun run = CommandRun.Against(_relay, ["subscribe", "--mailbox", "ann@corp.example", "--follow"], stop: stop.Token);
        await Eventually.TrueAsync(() => run.Out.Contains("w0", StringComparison.Ordinal), "the subscription");
        await NotifyAsync(Envelopes.Push("SubId", "w1", Envelopes.NewMail("w2", "I1")));
        await Eventually.TrueAsync(() => run.Out.Contains("I1", StringComparison.Ordinal), "the event");
        Assert.Contains("relay-client get-events SubId w0", run.Out, StringComparison.Ordinal);
        await stop.CancelAsync();
        await run.EndsWithAsync(0);
    }

    [Fact]
    public async Task Listen_shows_each_event_on_a_line()
    {
        CommandRun run = CommandRun.Against(_relay, ["listen", "--count", "1"]);
        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1"), Envelopes.NewMail("w2", "I2")));
        await run.EndsWithAsync(0);
        Assert.Equal(
            ["NewMail in ann@corp.example/inbox", "  NewMail   2026-03-02T09:00:00Z  item I1", "  NewMail   2026-03-02T09:00:00Z  item I2"], run.Lines);
    }

    [Fact]
    public async Task Listen_prints_json_for_programs()
    {
        CommandRun run = CommandRun.Against(_relay, ["listen", "--count", "1", "--json"]);
        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));
        await run.EndsWithAsync(0);
        JsonElement printed = Assert.Single(run.Json);
        Assert.Equal("S", printed.GetProperty("subscriptionId").GetString());
        Assert.Equal("I1", printed.GetProperty("events")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Get_events_asks_until_there_are_no_more()
    {
        var answers = new Queue<byte[]>([
            Envelopes.Events("S", "w0", more: true, Envelopes.NewMail("w1", "I1")),
            Envelopes.Events("S", "w1", more: false, Envelopes.NewMail("w2", "I2")),
        ]);
        _relay.BeforeReply = async request => Assert.IsType<DeliveryOutcome.Delivered>(await _relay.AnswerAsync(request, answers.Dequeue()));
        CommandRun run = CommandRun.Against(_relay, ["get-events", "S", "w0"]);
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
        await CommandRun.Against(_relay, ["get-events", "S", "w0"]).EndsWithAsync(0);
    }

    [Fact]
    public async Task Unsubscribe_says_so()
    {
        AnswerWith(Envelopes.Unsubscribed());
        CommandRun run = CommandRun.Against(_relay, ["unsubscribe", "S"]);
        await run.EndsWithAsync(0);
        Assert.Equal(["Unsubscribed."], run.Lines);
        Assert.Equal("S", (await RequestAsync<UnsubscribeRequest>()).SubscriptionId);
    }

    private void AnswerWith(byte[] envelope) =>
        _relay.BeforeReply = async request => Assert.IsType<DeliveryOutcome.Delivered>(await _relay.AnswerAsync(request, envelope));

    private async Task NotifyAsync(byte[] envelope)
    {
        SoapMail mail = _relay.Compose(envelope);
        await Eventually.TrueAsync(async () => await _relay.SendAsync(mail) is DeliveryOutcome.Delivered, "the listener open");
    }

    private async Task<T> RequestAsync<T>()
        where T : EwsRequest
    {
        SoapMailRequest request = await _relay.RequestAsync();
        var read = Assert.IsType<SoapReadResult.Read>(SoapReader.Read(request.EnvelopeOctets, request.Charset, SoapLimits.Default));
        Assert.Null(EwsSchema.Validate(read.Envelope.Xml));
        return Assert.IsType<T>(Assert.IsType<EwsRequestResult.Read>(EwsRequestReader.Read(read.Envelope.Body!)).Request);
    }
}
