using System.CommandLine;
using Relay.Client.Services;

namespace Relay.Client.Commands;

/// <summary><c>show</c>, <c>pause</c>, <c>resume</c> and <c>confirm</c>: done to one subscription and answered with its state.</summary>
internal static class SubscriptionStateCommands
{
    public static IEnumerable<Command> All(SessionOpener sessions) =>
    [
        Create(sessions, "show", "Shows what the relay knows of a subscription", "", SubscriptionArgument.Create(),
            (relay, id, cancellationToken) => relay.GetSubscriptionAsync(id, cancellationToken)),
        Create(sessions, "pause", "Holds a subscription's notifications back; nothing is lost", "Paused.", SubscriptionArgument.Create(),
            (relay, id, cancellationToken) => relay.PauseAsync(id, cancellationToken)),
        Create(sessions, "resume", "Lets a paused subscription go on, with what came meanwhile", "Resumed.", SubscriptionArgument.Create(),
            (relay, id, cancellationToken) => relay.ResumeAsync(id, cancellationToken)),
        Create(sessions, "confirm", "Confirms a subscription that the relay asked to confirm", "Confirmed.",
            new Argument<string>("TOKEN") { Description = "From the relay's confirmation mail" },
            (relay, token, cancellationToken) => relay.ConfirmAsync(token, cancellationToken)),
    ];

    private static Command Create(SessionOpener sessions, string name, string description, string done, Argument<string> which,
        Func<RelayMailService, string, CancellationToken, Task<ServiceResult<RelayFields>>> ask)
    {
        var command = new Command(name, description) { which };
        sessions.SetAsking(command, async (parsed, session, cancellationToken) =>
        {
            string given = parsed.GetRequiredValue(which);
            ServiceResult<RelayFields> result = await ask(session.Relay, given, cancellationToken);
            return result is ServiceResult<RelayFields>.Success { Value: var fields }
                ? session.Done((done.Length > 0 ? done : given) + FieldsView.Lines(fields), FieldsView.Json(fields))
                : session.End(result);
        });
        return command;
    }
}
