using Relay.Smtp.Client;
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
    public async Task Notices_with_a_part_for_people_are_taken_like_other_mail()
    {
        using var folder = new TempFolder();
        AnswerWith(Envelopes.Subscribed("S", "w0"));
        await using RunningProgram client = await StartAsync(folder);
        await client.LineAsync("Subscribed as S");

        await NotifyAsync(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")), mail => mail with { Note = "Your lease ends soon." });
        await client.LineAsync("I1");
        await NotifyAsync(
            Envelopes.Refusal("SendNotification", "ErrorInvalidSubscription", "It has ended."),
            mail => mail with { Note = "Your subscription has ended.", Subject = "Ended: inbox", ExtraFields = [("Relay-Ended", "expired")] });
        await client.LineAsync("Notice: Ended: inbox");
        await NotifyAsync(Envelopes.Push("S", "w1", Envelopes.NewMail("w2", "I2")));
        await client.LineAsync("I2");
    }

    [Fact]
    public async Task What_could_not_be_read_is_asked_for_again_and_not_taken_for_had()
    {
        using var folder = new TempFolder();
        AnswerWith(Envelopes.Subscribed("S", "w0"));
        await using RunningProgram client = await StartAsync(folder);
        await client.LineAsync("Subscribed as S");
        SoapMail mail = Relay.Compose(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")));

        DeliveryOutcome broken = await Relay.SendAsync(mail with { Envelope = "<cut"u8.ToArray() });
        Assert.Equal(451, Assert.IsType<DeliveryOutcome.Deferred>(broken).Reply?.Code);
        Assert.IsType<DeliveryOutcome.Delivered>(await Relay.SendAsync(mail));

        await client.LineAsync("I1");
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
