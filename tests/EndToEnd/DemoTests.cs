using System.Diagnostics;
using Relay.EndToEnd.Harness;
using Relay.TestKit;

namespace Relay.EndToEnd;

/// <summary>What a newcomer sees first.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_delivers_five_events_in_less_than_thirty_seconds()
    {
        long started = Stopwatch.GetTimestamp();
        await using RunningProgram demo = RunningProgram.Start(Gateway.ProgramPath, "demo");

        Assert.True(await demo.ExitAsync(TimeSpan.FromSeconds(30)) == 0, demo.Transcript);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), demo.Transcript);
        Assert.Empty(demo.Errors);
        Assert.Contains("calendar@", demo.Output, StringComparison.Ordinal);
        Assert.Contains("ews@", demo.Output, StringComparison.Ordinal);
        Assert.Contains("src/Client", demo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_event_is_told_in_the_singular()
    {
        await using RunningProgram demo = RunningProgram.Start(Gateway.ProgramPath, "demo", "--events", "1");

        Assert.True(await demo.ExitAsync(TimeSpan.FromSeconds(60)) == 0, demo.Transcript);
        Assert.Contains("One mail arrives", demo.Output, StringComparison.Ordinal);
        Assert.Contains("1 event arrived", demo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_demo_does_not_take_its_help_does_not_offer()
    {
        await using RunningProgram help = RunningProgram.Start(Gateway.ProgramPath, "demo", "--help");

        Assert.Equal(0, await help.ExitAsync());
        Assert.Contains("--events", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--config", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_demos_run_beside_each_other()
    {
        await using RunningProgram one = RunningProgram.Start(Gateway.ProgramPath, "demo", "--events", "1");
        await using RunningProgram other = RunningProgram.Start(Gateway.ProgramPath, "demo", "--events", "2");

        Assert.Equal((0, 0), (await one.ExitAsync(TimeSpan.FromSeconds(60)), await other.ExitAsync(TimeSpan.FromSeconds(60))));
    }
}
