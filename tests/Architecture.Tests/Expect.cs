namespace Relay.Architecture.Tests;

internal static class Expect
{
    /// <summary>That there is no finding; else every one of them is in the message, since each wants mending.</summary>
    internal static void None(IEnumerable<string> findings)
    {
        string[] found = [.. findings.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }
}
