using Relay.EndToEnd.Crash;

namespace Relay.EndToEnd;

/// <summary>Nothing is lost by kill -9. RELAY_CRASH_ROUNDS=500 makes the long campaign of it, RELAY_CRASH_SEED repeats one.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_again_and_again_the_gateway_keeps_every_promise()
    {
        Verdict verdict = await new CrashCampaign(CampaignOptions.FromEnvironment()).RunAsync();

        foreach (string figure in verdict.Figures)
        {
            output.WriteLine(figure);
        }

        Assert.True(verdict.Violations.Count == 0, string.Join('\n', verdict.Figures.Concat(verdict.Violations.Take(50))));
    }
}
