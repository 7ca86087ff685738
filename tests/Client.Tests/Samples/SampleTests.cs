using Relay.TestKit;

namespace Relay.Client.Tests.Samples;

/// <summary>Runs the files of samples/ against a real relay, as they are but for the ports.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private RunningRelay _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await RunningRelay.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("python3", "python/month.py")]
    [InlineData("perl", "perl/month.pl")]
    public async Task Month_is_asked_for_and_heard(string program, string file)
    {
        await using RunningProgram listener = await ListenAsync(mails: 1);
        await RunAsync(program, file, "2026", "11");
        await EndsAsync(listener);
        Assert.Contains("Subject: Re: getMonth", listener.Output, StringComparison.Ordinal);
        Assert.Contains("November 2026", listener.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python3", "python/subscribe.py")]
    [InlineData("perl", "perl/subscribe.pl")]
    public async Task Subscription_is_answered_and_events_follow(string program, string file)
    {
        await using RunningProgram listener = await ListenAsync(mails: 3);
        await RunAsync(program, file, "ann@localhost");
        await EndsAsync(listener);
        Assert.Contains("SubscribeResponse", listener.Output, StringComparison.Ordinal);
        Assert.Contains("Relay-Sequence: 1", listener.Output, StringComparison.Ordinal);
        Assert.Contains("Relay-Sequence: 2", listener.Output, StringComparison.Ordinal);
        Assert.Contains("NewMailEvent", listener.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Month_in_CSharp_is_asked_for_and_heard()
    {
        await using RunningProgram listener = await ListenAsync(mails: 1);
        foreach (string wall in Directory.GetFiles(Repository.PathOf("samples/csharp"), "Directory.*"))
        {
            File.Copy(wall, _folder.File(Path.GetFileName(wall)));
        }
        await RunAsync("dotnet", "csharp/Month.cs", "2026", "11");
        await EndsAsync(listener);
        Assert.Contains("November 2026", listener.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calendar_client_asks_and_prints_as_they_come()
    {
        string python = await Sample.PythonAsync("smtpd");
        await using RunningProgram client = RunningProgram.Start(new ProgramStart(python)
        {
            Arguments = ["-u", "-W", "ignore", Copy("python/calendar_client.py")],
            KeepInputOpen = true,
        });
        foreach (string line in new[] { "2026", "3", "2026", "4" })
        {
            await client.WriteLineAsync(line);
        }
        await client.LineAsync("March 2026");
        await client.LineAsync("April 2026");
        await client.WriteLineAsync("");
        Assert.Equal(0, await client.ExitAsync());
        Assert.StartsWith("Year of request (Return to exit): Month of request: ", client.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_shows_events_and_unsubscribes_when_it_is_stopped()
    {
        string python = await Sample.PythonAsync("asyncio");
        await using RunningProgram client = RunningProgram.Start(python, "-u", Copy("python/follow.py"), "ann@localhost");
        await client.LineAsync("NewMailEvent", TimeSpan.FromSeconds(60));
        client.Send(Signal.Interrupt);
        Assert.True(await client.ExitAsync(TimeSpan.FromSeconds(60)) == 0, $"{client.Transcript}\n{_relay.Log}");
        Assert.EndsWith("Unsubscribed", client.Output, StringComparison.Ordinal);
        Assert.Equal("", client.Errors);
    }

    private async Task<RunningProgram> ListenAsync(int mails)
    {
        RunningProgram listener = RunningProgram.Start(await Sample.PythonAsync("asyncio"), "-u", Copy("python/listen.py"), $"{mails}");
        await listener.LineAsync("Listening");
        return listener;
    }

    private async Task EndsAsync(RunningProgram listener)
    {
        Assert.True(await listener.ExitAsync(TimeSpan.FromSeconds(60)) == 0, $"{listener.Transcript}\n{_relay.Log}");
        Assert.Equal("", listener.Errors); // nor does it grumble at the connection that the relay keeps
    }

    private async Task RunAsync(string program, string file, params string[] arguments)
    {
        Assert.SkipUnless(Peers.Find(program) is not null, Peers.Missing(program));
        string[] command = program == "dotnet" ? ["run", Copy(file)] : [Copy(file)];
        await using RunningProgram script = RunningProgram.Start(Peers.Find(program)!, [.. command, .. arguments]);
        Assert.True(await script.ExitAsync(TimeSpan.FromSeconds(120)) == 0, script.Transcript);
    }

    private string Copy(string file) => Sample.Copy(file, _folder, _relay.Port, _relay.SubscriberPort);
}
