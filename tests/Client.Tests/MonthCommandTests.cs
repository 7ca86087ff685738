using Relay.TestKit;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

public sealed class MonthCommandTests : CommandTest
{
    private const string March = "     March 2026\nMo Tu We Th Fr Sa Su\n                   1\n";

    [Fact]
    public async Task Month_is_asked_for_and_printed()
    {
        AnswerWith(Envelopes.Month(March));
        CommandRun run = CommandRun.Against(Relay, ["month", "2026", "3"]);
        await run.EndsWithAsync(0);
        Assert.Equal(March, run.Out);
        SoapEnvelope asked = Envelope(await Relay.RequestAsync());
        Assert.Equal("getMonth", asked.Body!.Name.LocalName);
        Assert.Equal(["year=2026", "month=3"], asked.Body.Elements().Select(child => $"{child.Name.LocalName}={child.Value}"));
    }

    [Fact]
    public async Task Json_has_the_month_on_one_line()
    {
        AnswerWith(Envelopes.Month(March));
        CommandRun run = CommandRun.Against(Relay, ["month", "2026", "3", "--json"]);
        await run.EndsWithAsync(0);
        Assert.Equal(March, Assert.Single(run.Json).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Dialogue_asks_with_the_known_words_and_sends_at_once()
    {
        using var typed = new TypedInput();
        CommandRun run = CommandRun.Against(Relay, ["month"], typed);
        await Eventually.TrueAsync(() => run.Out == "Year of request (Return to exit): ", "the first question");
        typed.Type("2026");
        await Eventually.TrueAsync(() => run.Out.EndsWith("Month of request: ", StringComparison.Ordinal), "the second question");
        typed.Type("3");
        SoapMailRequest first = await Relay.RequestAsync();
        typed.Type("2026");
        typed.Type("4");
        SoapMailRequest second = await Relay.RequestAsync();

        await AnswerAsync(second, Envelopes.Month("April"));
        await Eventually.TrueAsync(() => run.Out.Contains("April", StringComparison.Ordinal), "the second answer before the first");
        Assert.DoesNotContain("March", run.Out, StringComparison.Ordinal);
        await AnswerAsync(first, Envelopes.Month("March"));
        typed.Type("");
        await run.EndsWithAsync(0);
        Assert.Contains("March", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_that_ends_waits_for_the_answers()
    {
        CommandRun run = CommandRun.Against(Relay, ["month"], new StringReader("2026\n3\n1900\n13\n"));
        SoapMailRequest request = await Relay.RequestAsync();
        await AnswerAsync(request, Envelopes.Month("March"));
        await run.EndsWithAsync(0);
        Assert.Contains("March", run.Out, StringComparison.Ordinal);
        Assert.Contains("a month from 1 to 12", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_sees_the_question_again_after_a_result()
    {
        using var typed = new TypedInput();
        CommandRun run = CommandRun.Against(Relay, ["month"], typed, isTerminal: true);
        typed.Type("2026");
        typed.Type("3");
        await AnswerAsync(await Relay.RequestAsync(), Envelopes.Month("March"));
        await Eventually.TrueAsync(
            () => run.Out.EndsWith($"March{Environment.NewLine}Year of request (Return to exit): ", StringComparison.Ordinal),
            "the question again");
        typed.Type("");
        await run.EndsWithAsync(0);
    }

    [Fact]
    public async Task Fault_is_a_sentence_and_a_failure()
    {
        AnswerWith(Envelopes.Fault("There is no such month."));
        CommandRun run = CommandRun.Against(Relay, ["month", "2026", "3"]);
        await run.EndsWithAsync(1);
        Assert.Equal($"The relay answered with a fault (Client): There is no such month.{Environment.NewLine}", run.Error);
        Assert.Empty(run.Out);
    }
}
