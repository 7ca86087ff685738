using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.EndToEnd.Harness;

/// <summary>What a program of ours may never write, on stdout either: a stack trace, also where it logs one on a single line.</summary>
internal static partial class Sentences
{
    internal static void AssertNoStackTrace(RunningProgram program) =>
        Assert.False(StackTrace().IsMatch(program.Transcript), $"It wrote a stack trace:\n{program.Transcript}");

    [GeneratedRegex(@"\s{3,}at [\w.<>`+]+\(|\w+Exception: ")]
    private static partial Regex StackTrace();
}
