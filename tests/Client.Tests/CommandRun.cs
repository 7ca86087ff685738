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
        return Between(relay.Port, relay.ClientPort, args, input ?? TextReader.Null, isTerminal, stop);
    }

    /// <summary>Starts with the options that lead to a relay's port, and with the port to which that relay delivers.</summary>
    public static CommandRun Between(int relayPort, int clientPort, IEnumerable<string> args, TextReader input, bool isTerminal = false,
        CancellationToken stop = default) =>
        new([.. args, "--server", $"127.0.0.1:{relayPort}", "--listen", $"127.0.0.1:{clientPort}"], input, isTerminal, stop);

    /// <summary>Waits for the end and fails, with what was printed, where it is another one.</summary>
    public async Task EndsWithAsync(int exitCode, TimeSpan? within = null)
    {
        int actual = await Eventually.CompletesAsync(ExitCode, $"the end of the command, which said: {Out}{Error}", within);
        Assert.True(exitCode == actual, $"Exit {actual}: {Out}{Error}");
    }
}
