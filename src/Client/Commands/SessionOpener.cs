using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Client.Mail;

namespace Relay.Client.Commands;

/// <summary>Gives each command an open listener and a reporter, and closes them after it.</summary>
internal sealed class SessionOpener(ClientEnvironment environment, ConnectionOptions connection)
{
    /// <summary>Makes the action of a command that asks and goes: notifications are left to the program that listens.</summary>
    /// <param name="command">Gets the action.</param>
    /// <param name="action">Gives the exit code.</param>
    /// <param name="service">Local part of the service's address where <c>--to</c> is not given.</param>
    public void SetAsking(Command command, Func<ParseResult, Session, CancellationToken, Task<int>> action, string service = "ews") =>
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, service, takesNotifications: false, action, cancellationToken));

    /// <summary>Makes the action of a command that listens.</summary>
    /// <param name="command">Gets the action.</param>
    /// <param name="listens">Whether this run of it takes notifications.</param>
    /// <param name="action">Gives the exit code.</param>
    public void SetListening(
        Command command, Func<ParseResult, bool> listens, Func<ParseResult, Session, CancellationToken, Task<int>> action) =>
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, "ews", listens(parsed), action, cancellationToken));

    private async Task<int> RunAsync(ParseResult parsed, string service, bool takesNotifications,
        Func<ParseResult, Session, CancellationToken, Task<int>> action, CancellationToken cancellationToken)
    {
        RelayMailOptions options = connection.MailOptions(parsed, takesNotifications);
        var reporter = new Reporter(environment, parsed.GetValue(connection.Json));
        RelayMailClient client;
        try
        {
            client = await RelayMailClient.StartAsync(
                options, environment.Time, environment.NewId, NullLoggerFactory.Instance, cancellationToken);
        }
        catch (IOException failure)
        {
            return reporter.Failure($"Cannot listen on {options.Listen} ({failure.Message}): if another relay-client listens there, "
                + "add --no-wait and see the answer there; else stop that program, or give another --listen.");
        }
        await using (client)
        {
            var session = new Session(client, connection.Service(parsed, service), options.From, reporter, environment);
            return await action(parsed, session, cancellationToken);
        }
    }
}
