using Relay.TestKit;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Tests.Samples;

/// <summary>The Python subscriber when mails are lost, repeated or refused, which a healthy relay does not do on order.</summary>
public sealed class FollowSampleTests : CommandTest
{
    [Fact]
    public async Task What_was_lost_is_fetched_and_a_repeat_is_shown_once()
    {
        using var folder = new TempFolder();
        AnswerWith(
            Envelopes.Subscribed("S", "w0"),
            Envelopes.Events("S", "w0", more: true, Envelopes.NewMail("w1", "I1")),
            Envelopes.Events("S", "w1", more: true, Envelopes.NewMail("w2", "I2"), Envelopes.NewMail("w3", "I3")));
        await using RunningProgram client = await StartAsync(folder);
        await client.LineAsync("Subscribed as S");
        SoapMail notification = await NotifyAsync(Envelopes.Push("S", "w2", Envelopes.NewMail("w3", "I3")));
        await Relay.SendAsync(notification);
        await NotifyAsync(Envelopes.Push("S", "w3", Envelopes.NewMail("w4", "I4")));

        await client.LineAsync("I4");
        IEnumerable<string> events = client.Lines.Select(line => line.Text)
            .Where(line => line.StartsWith("NewMailEvent", StringComparison.Ordinal));
        Assert.Equal(["I1", "I2", "I3", "I4"], events.Select(line => line.Split(' ')[^1]));
        await RequestAsync<SubscribeRequest>();
        Assert.Equal("w0", (await RequestAsync<GetEventsRequest>()).Watermark);
        Assert.Equal("w1", (await RequestAsync<GetEventsRequest>()).Watermark);
    }

    [Fact]
    public async Task Refusal_ends_the_program()
    {
        using var folder = new TempFolder();
        AnswerWith(Envelopes.Refusal("Subscribe", "ErrorAccessDenied", "Access is denied."));
        await using RunningProgram client = await StartAsync(folder);
        Assert.NotEqual(0, await client.ExitAsync());
        Assert.Contains("ErrorAccessDenied", client.Errors, StringComparison.Ordinal);
    }

    private async Task<RunningProgram> StartAsync(TempFolder folder)
    {
        Relay.ClientPort = FreePort.Next();
        string script = Sample.Copy("python/follow.py", folder, Relay.Port, Relay.ClientPort);
        return RunningProgram.Start(await Sample.PythonAsync("asyncio"), "-u", script, "ann@corp.example");
    }
}
