using System.Text.Json;
using Relay.Client.Commands;
using Relay.TestKit;

namespace Relay.Client.Tests;

#pragma warning disable CA1001 // What is written in memory needs no closing.
/// <summary>One run of <c>relay-client</c> in process, with a relay double behind it and its standard streams in hand.</summary>
internal sealed class CommandRun
#pragma warning restore CA1001
{
    private readonly SharedWriter _out = new();
    private readonly SharedWriter _error = new();

    private CommandRun(IReadOnlyList<string> args, TextReader input, bool isTerminal, CancellationToken stop)
    {
        var environment = new ClientEnvironment(input, _out, _error, isTerminal,
            TimeProvider.System, () => Guid.NewGuid().ToString("N"));
        ExitCode = ClientCommandLine.RunAsync(args, environment, stop);
    }

    public Task<int> ExitCode { get; }

    public string Out => _out.Text;

    public string Error => _error.Text;

    public string[] Lines => Out.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Each line of the output, which is one JSON value.</summary>
    public JsonElement[] Json => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    public static CommandRun Start(params string[] args) => new(args, TextReader.Null, isTerminal: false, CancellationToken.None);

    /// <summary>Starts with the options that lead to the double and from it back to the client.</summary>
    public static CommandRun Against(RelayDouble relay, IEnumerable<string> args, TextReader? input = null, bool isTerminal = false,
        CancellationToken stop = default)
    {
        relay.ClientPort = FreePort.Next();
        return new([.. args, "--server", $"127.0.0.1:{relay.Port}", "--listen", $"127.0.0.1:{relay.ClientPort}"], input ?? TextReader.Null,
            isTerminal, stop);
    }

    /// <summary>Waits for the end and fails, with what was printed, where it is another one.</summary>
    public async Task EndsWithAsync(int exitCode)
    {
        int actual = await Eventually.CompletesAsync(ExitCode, $"the end of the command, which said: {Out}{Error}");
        Assert.True(exitCode == actual, $"Exit {actual}: {Out}{Error}");
    }
}
