using Relay.Fuzz;

namespace Relay.Wire.Tests.Mime;

/// <summary>A short run of every fuzz target, always of the same inputs; <c>tests/Fuzz</c> runs longer.</summary>
public sealed class FuzzTests
{
    public static TheoryData<string> Targets() => new(FuzzTargets.All().Select(target => target.Name));

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_input_breaks_a_promise(string name)
    {
        var report = FuzzRun.Run(FuzzTargets.All().Single(target => target.Name == name), count: 5_000, seed: 1);
        Assert.Equal([], report.Findings.Select(finding => finding.What));
    }
}
