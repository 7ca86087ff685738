using System.CommandLine;
using Relay.Client.Services;
using Relay.Wire.Ews;

namespace Relay.Client.Commands;

/// <summary><c>stream</c>: events of streaming subscriptions, for up to half an hour.</summary>
internal static class StreamCommand
{
    public static Command Create(SessionOpener sessions)
    {
        var subscriptions = new Argument<string[]>("SUBSCRIPTION")
        {
            Description = "One or more SubscriptionIds that subscribe --kind streaming printed",
            Arity = ArgumentArity.OneOrMore,
        };
        var minutes = new Option<int>("--minutes")
        {
            Description = "How long the relay streams, 1 to 30",
            HelpName = "MINUTES",
            DefaultValueFactory = _ => 30,
        };
        minutes.Validators.Add(Ranges.Between(1, 30));
        var command = new Command("stream", "Shows the events of streaming subscriptions as they come, until the relay closes the stream")
        {
            subscriptions, minutes,
        };
        sessions.SetAsking(command, (parsed, session, cancellationToken) =>
            RunAsync(session, parsed.GetRequiredValue(subscriptions), parsed.GetValue(minutes), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Session session, string[] subscriptions, int minutes, CancellationToken cancellationToken)
    {
        await foreach (ServiceResult<EwsStreamMessage> result in session.Ews.StreamAsync(subscriptions, minutes, cancellationToken))
        {
            if (result is not ServiceResult<EwsStreamMessage>.Success { Value: var message })
            {
                return session.End(result);
            }
            if (message is { Status: ConnectionStatus.OK, Notifications: [] })
            {
                session.Reporter.Hint("Streaming; events appear as they come.");
            }
            foreach (EwsNotification notification in message.Notifications)
            {
                session.Reporter.Result(NotificationView.Text(notification), NotificationView.Json(notification));
            }
            if (message.Problem is { } problem)
            {
                session.Reporter.Failure(Sentences.Of(problem));
            }
            if (message is { Problem: not null, Status: ConnectionStatus.Closed })
            {
                return ExitCodes.Failure;
            }
        }
        session.Reporter.Hint("The relay closed the stream: its time is over.");
        return ExitCodes.Success;
    }
}
