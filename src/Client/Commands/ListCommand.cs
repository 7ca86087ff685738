using System.CommandLine;
using Relay.Client.Services;

namespace Relay.Client.Commands;

/// <summary><c>list</c>: all subscriptions of ours.</summary>
internal static class ListCommand
{
    public static Command Create(SessionOpener sessions)
    {
        var command = new Command("list", "Lists our subscriptions");
        sessions.SetAsking(command, async (_, session, cancellationToken) =>
        {
            ServiceResult<IReadOnlyList<RelayFields>> result = await session.Relay.ListSubscriptionsAsync(cancellationToken);
            if (result is not ServiceResult<IReadOnlyList<RelayFields>>.Success { Value: var subscriptions })
            {
                return session.End(result);
            }
            foreach (RelayFields one in subscriptions)
            {
                session.Reporter.Result($"{one["SubscriptionId"]}{FieldsView.Lines(one)}", FieldsView.Json(one));
            }
            session.Reporter.Hint(subscriptions.Count == 0 ? "No subscriptions." : $"{subscriptions.Count} subscriptions.");
            return ExitCodes.Success;
        });
        return command;
    }
}
