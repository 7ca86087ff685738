using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

public sealed class StreamCommandTests : CommandTest
{
    [Fact]
    public async Task Several_answers_are_shown_until_the_stream_is_closed()
    {
        CommandRun run = CommandRun.Against(Relay, ["stream", "S", "T", "--minutes", "5", "--json"]);
        SoapMailRequest request = await Relay.RequestAsync();
        await AnswerAsync(request, Envelopes.Stream("OK"));
        await AnswerAsync(request, Envelopes.Stream(null, Envelopes.Notification("S", null, null, Envelopes.NewMail(null, "I1"))));
        await AnswerAsync(request, Envelopes.Stream(null, Envelopes.Notification("T", null, null, Envelopes.NewMail(null, "I2"))));
        await AnswerAsync(request, Envelopes.Stream("Closed"));
        await run.EndsWithAsync(0);
        Assert.Equal(["S", "T"], run.Json.Select(printed => printed.GetProperty("subscriptionId").GetString()));

        var asked = Assert.IsType<EwsRequestResult.Read>(EwsRequestReader.Read(Envelope(request).Body!)).Request;
        Assert.Equal(5, Assert.IsType<GetStreamingEventsRequest>(asked).ConnectionTimeoutMinutes);
        Assert.Equal(["S", "T"], ((GetStreamingEventsRequest)asked).SubscriptionIds);
    }

    [Fact]
    public async Task Refusal_ends_with_a_sentence()
    {
        AnswerWith(Envelopes.Refusal("GetStreamingEvents", "ErrorInvalidSubscription", "Subscription is invalid.", Envelopes.Closed));
        CommandRun run = CommandRun.Against(Relay, ["stream", "S"]);
        await run.EndsWithAsync(1);
        Assert.Equal($"The relay refused: Subscription is invalid. (ErrorInvalidSubscription){Environment.NewLine}", run.Error);
    }
}
