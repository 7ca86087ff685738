using Relay.TestKit;

namespace Relay.EndToEnd.Harness;

/// <summary>Clients written in Python, with nothing but what Python brings.</summary>
internal static class Python
{
    /// <summary>Skips the test where there is no Python, or not this module of it (smtpd left in 3.12).</summary>
    internal static async Task SkipUnlessAsync(string module)
    {
        Assert.SkipUnless(Peers.Find("python3") is not null, Peers.Missing("python3"));
        Assert.SkipUnless(await Peers.HasPythonModuleAsync(module), Peers.Missing($"Python's {module}"));
    }

    /// <summary>Starts a script; what it prints comes unbuffered.</summary>
    internal static RunningProgram Start(string script, params string[] arguments) =>
        RunningProgram.Start(Peers.Find("python3")!, ["-u", "-W", "ignore", "-c", script, .. arguments]);

    /// <summary>Runs a script to its end: what it printed. A script that fails fails the test.</summary>
    internal static async Task<string> RunAsync(string script, params string[] arguments)
    {
        await using RunningProgram python = Start(script, arguments);
        int code = await python.ExitAsync(TimeSpan.FromSeconds(60));
        Assert.True(code == 0, python.Transcript);
        return python.Output;
    }
}
