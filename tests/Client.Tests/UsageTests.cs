using System.Net;
using System.Net.Sockets;
using Relay.TestKit;

namespace Relay.Client.Tests;

/// <summary>What the program says to somebody who holds it wrongly.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("no command", "")]
    [InlineData("unknown command", "yearly")]
    [InlineData("unknown option", "listen --loud")]
    [InlineData("required option missing", "subscribe")]
    [InlineData("address that is none", "subscribe --mailbox ann")]
    [InlineData("unknown kind", "subscribe --mailbox ann@corp.example --kind post")]
    [InlineData("unknown event", "subscribe --mailbox ann@corp.example --event Rain")]
    [InlineData("more minutes than a day", "subscribe --mailbox ann@corp.example --timeout 1441")]
    [InlineData("number that is none", "subscribe --mailbox ann@corp.example --timeout ten")]
    [InlineData("digest without a time", "subscribe --mailbox ann@corp.example --digest-events 5")]
    [InlineData("content that is none", "subscribe --mailbox ann@corp.example --content all")]
    [InlineData("mail smaller than an event", "subscribe --mailbox ann@corp.example --largest-mail 100")]
    [InlineData("year without a month", "month 2026")]
    [InlineData("thirteenth month", "month 2026 13")]
    [InlineData("server without a port", "month 2026 3 --server relay.example")]
    [InlineData("unknown encryption", "month 2026 3 --tls some")]
    [InlineData("listener without a port that is a number", "listen --listen 127.0.0.1:smtp")]
    [InlineData("too short a command", "get-events S")]
    public async Task Wrong_usage_is_one_sentence_and_exit_code_2(string why, string line)
    {
        CommandRun run = CommandRun.Start(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(await run.ExitCode == 2, why);
        Assert.Empty(run.Out);
        Assert.Single(run.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("subscribe --help")]
    [InlineData("month --help")]
    public async Task Help_and_version_succeed(string line)
    {
        CommandRun run = CommandRun.Start(line.Split(' '));
        await run.EndsWithAsync(0);
        Assert.NotEmpty(run.Out);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Taken_port_is_a_sentence_that_says_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        CommandRun run = CommandRun.Start("listen", "--listen", taken.LocalEndpoint.ToString()!);
        await run.EndsWithAsync(1);
        Assert.Contains("another --listen", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_file_that_is_not_there_is_a_sentence()
    {
        CommandRun run = CommandRun.Start("month", "2026", "3", "--user", "app", "--password-file", "/nowhere/password");
        await run.EndsWithAsync(1);
        Assert.Contains("/nowhere/password", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relay_that_is_not_there_is_a_sentence_that_says_what_to_do()
    {
        CommandRun run = CommandRun.Start("month", "2026", "3", "--server", $"127.0.0.1:{FreePort.Next()}", "--listen", "127.0.0.1:0");
        await run.EndsWithAsync(1);
        Assert.Contains("Is it running, and is --server right?", run.Error, StringComparison.Ordinal);
    }
}
