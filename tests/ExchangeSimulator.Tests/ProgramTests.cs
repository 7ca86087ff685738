using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>The program as a process of its own.</summary>
public sealed class ProgramTests
{
    private static readonly string Program = typeof(ExchangeSimulatorServer).Assembly.Location;

    [Theory]
    [InlineData("--version", 0)]
    [InlineData("--help", 0)]
    [InlineData("--nonsense", 2)]
    [InlineData("--minute 99", 2)]
    public async Task Exit_codes_tell_success_and_wrong_usage(string arguments, int expected)
    {
        var (code, output) = await ToolRun.RunAsync(DotNet, [Program, .. arguments.Split(' ')]);
        Assert.True(expected == code && output.Length > 0, output);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_sentence_and_exit_code_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (code, output) = await ToolRun.RunAsync(DotNet, Program, "--url", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}/x");
        Assert.Equal(1, code);
        Assert.StartsWith("The simulator cannot listen at http://127.0.0.1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_where_it_listens_serves_and_ends_when_told_to()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SIGTERM is sent with kill.");
        var start = new ProcessStartInfo(DotNet, [Program, "--url", "http://127.0.0.1:0/EWS/Exchange.asmx", "--activity", "0.05", "--mailboxes", "a@b"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            const string Said = "Exchange simulator listens at ";
            var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
            Assert.StartsWith(Said, line, StringComparison.Ordinal);
            var url = new Uri(line[Said.Length..]);
            using var http = new HttpClient();
            var events = "";
            for (var i = 0; i < 500 && !events.Contains("NewMail", StringComparison.Ordinal); i++)
            {
                events = await http.GetStringAsync(new Uri(url, "/control/events?mailbox=a@b"), TestContext.Current.CancellationToken);
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            Assert.Contains("NewMail", events, StringComparison.Ordinal);
            await ToolRun.RunAsync("/bin/kill", "-TERM", $"{process.Id}");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>The host that runs this very test, or the one on the path.</summary>
    private static string DotNet =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
}
