using System.Diagnostics;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>Runs a program that is not ours and waits for its end.</summary>
internal static class ToolRun
{
    /// <summary>Skips the test, saying so, where a program is missing.</summary>
    public static void SkipWithout(string program, string package)
    {
        if (!File.Exists(program))
        {
            Assert.Skip($"{program} is not here (Debian: {package}).");
        }
    }

    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
