using System.CommandLine;

namespace Relay.Client.Commands;

/// <summary><c>listen</c>: shows notifications live.</summary>
internal static class ListenCommand
{
    public static Command Create(SessionOpener sessions)
    {
        var follow = new FollowOptions();
        var command = new Command("listen", "Shows notifications as they come, until Ctrl-C");
        follow.AddTo(command);
        sessions.SetListening(command, _ => true, (parsed, session, cancellationToken) =>
        {
            session.Reporter.Hint($"Listening for mail to {session.From} on {session.Client.EndPoint}; Ctrl-C ends it.");
            return follow.RunAsync(parsed, session, follow.OpenState(parsed), cancellationToken);
        });
        return command;
    }
}
