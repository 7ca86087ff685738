using System.CommandLine;
using System.CommandLine.Invocation;

namespace Relay.Client.Commands;

/// <summary>The tree of commands and what each way of going wrong looks like: one sentence on stderr and an exit code.</summary>
internal static class ClientCommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, ClientEnvironment environment, CancellationToken cancellationToken)
    {
        ParseResult parsed = Create(environment).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            await environment.Error.WriteLineAsync($"{OneLine(parsed.Errors[0].Message)} See: {HelpFor(parsed)}");
            return ExitCodes.WrongUsage;
        }
        var invocation = new InvocationConfiguration
        {
            Output = environment.Out,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await environment.Error.WriteLineAsync("Stopped before the end.");
            return ExitCodes.Failure;
        }
        catch (Exception failure)
        {
            // Nothing of the peer's doing comes here; whatever it is, a person at a prompt is told it in a sentence.
            await environment.Error.WriteLineAsync($"relay-client failed: {OneLine(failure.Message)}");
            return ExitCodes.Failure;
        }
    }

    private static RootCommand Create(ClientEnvironment environment)
    {
        var connection = new ConnectionOptions();
        var sessions = new SessionOpener(environment, connection);
        var root = new RootCommand("Asks a relay by mail and listens for its answers and notifications, with a mail server of its own.")
        {
            PingCommand.Create(sessions),
            MonthCommand.Create(sessions),
            SubscribeCommand.Create(sessions),
            ListenCommand.Create(sessions),
            GetEventsCommand.Create(sessions),
            GetItemCommand.Create(sessions),
            StreamCommand.Create(sessions),
            UnsubscribeCommand.Create(sessions),
            ListCommand.Create(sessions),
        };
        foreach (Command command in SubscriptionStateCommands.All(sessions))
        {
            root.Subcommands.Add(command);
        }
        connection.AddTo(root);
        return root;
    }

    private static string OneLine(string message) => string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries));

    private static string HelpFor(ParseResult parsed)
    {
        string command = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
        return $"relay-client{command} --help";
    }
}
