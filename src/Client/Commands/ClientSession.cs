using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Client.Mail;
using Relay.Wire.Smtp;

namespace Relay.Client.Commands;

/// <summary>What a running command has in hand.</summary>
internal sealed record Session(RelayMailClient Client, MailAddress Service, MailAddress From, Reporter Reporter, ClientEnvironment Environment);

/// <summary>Gives each command an open listener and a reporter, and closes them after it.</summary>
internal sealed class ClientSession(ClientEnvironment environment, ConnectionOptions connection)
{
    /// <summary>Makes the command's action.</summary>
    /// <param name="command">Gets the action.</param>
    /// <param name="defaultService">Local part of the service's address.</param>
    /// <param name="takesNotifications">Whether this run of the command listens for notifications.</param>
    /// <param name="action">Gives the exit code.</param>
    public void SetAction(Command command, string defaultService, Func<ParseResult, bool> takesNotifications,
        Func<ParseResult, Session, CancellationToken, Task<int>> action) => command.SetAction(async (parsed, cancellationToken) =>
    {
        RelayMailOptions options = connection.MailOptions(parsed, takesNotifications(parsed));
        var reporter = new Reporter(environment, parsed.GetValue(connection.Json));
        RelayMailClient client;
        try
        {
            client = await RelayMailClient.StartAsync(options, environment.Time, environment.NewId, NullLoggerFactory.Instance, cancellationToken);
        }
        catch (IOException failure)
        {
            return reporter.Failure(
                $"Cannot listen on {options.Listen} ({failure.Message}): another relay-client may be running there; stop it, or give another --listen.");
        }
        await using (client)
        {
            var session = new Session(client, connection.Service(parsed, defaultService), options.From, reporter, environment);
            return await action(parsed, session, cancellationToken);
        }
    });
}
