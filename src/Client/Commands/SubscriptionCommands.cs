using System.CommandLine;
using Relay.Client.Services;

namespace Relay.Client.Commands;

/// <summary><c>show</c>, <c>pause</c> and <c>resume</c>: what is done to one subscription and answered with its state.</summary>
internal static class SubscriptionCommands
{
    public static Command Show(SessionOpener sessions) => Create(
        sessions, "show", "Shows what the relay knows of a subscription", "",
        (session, id, cancellationToken) => session.Relay.GetSubscriptionAsync(id, cancellationToken));

    public static Command Pause(SessionOpener sessions) => Create(
        sessions, "pause", "Holds a subscription's notifications back; nothing is lost", "Paused.",
        (session, id, cancellationToken) => session.Relay.PauseAsync(id, cancellationToken));

    public static Command Resume(SessionOpener sessions) => Create(
        sessions, "resume", "Lets a paused subscription go on, with what came meanwhile", "Resumed.",
        (session, id, cancellationToken) => session.Relay.ResumeAsync(id, cancellationToken));

    private static Command Create(SessionOpener sessions, string name, string description, string done,
        Func<Session, string, CancellationToken, Task<ServiceResult<RelayFields>>> ask)
    {
        Argument<string> subscription = SubscriptionArgument.Create();
        var command = new Command(name, description) { subscription };
        sessions.SetAsking(command, async (parsed, session, cancellationToken) =>
        {
            string id = parsed.GetRequiredValue(subscription);
            ServiceResult<RelayFields> result = await ask(session, id, cancellationToken);
            return result is ServiceResult<RelayFields>.Success { Value: var fields }
                ? session.Done((done.Length > 0 ? done : id) + FieldsView.Lines(fields), FieldsView.Json(fields))
                : session.End(result);
        });
        return command;
    }
}
