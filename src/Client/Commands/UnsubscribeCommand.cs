using System.CommandLine;
using System.Text.Json.Nodes;
using Relay.Client.Services;

namespace Relay.Client.Commands;

/// <summary><c>unsubscribe</c>: ends a subscription.</summary>
internal static class UnsubscribeCommand
{
    public static Command Create(SessionOpener sessions)
    {
        Argument<string> subscription = SubscriptionArgument.Create();
        var command = new Command("unsubscribe", "Ends a subscription of any kind") { subscription };
        sessions.SetAsking(command, async (parsed, session, cancellationToken) =>
        {
            string id = parsed.GetRequiredValue(subscription);
            ServiceResult<bool> result = await session.Ews.UnsubscribeAsync(id, cancellationToken);
            return result is ServiceResult<bool>.Success
                ? session.Done("Unsubscribed.", new JsonObject { ["unsubscribed"] = id })
                : session.End(result);
        });
        return command;
    }
}
