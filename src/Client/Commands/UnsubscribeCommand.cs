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
            ServiceResult<string> result = await session.Ews.UnsubscribeAsync(parsed.GetRequiredValue(subscription), cancellationToken);
            return result is ServiceResult<string>.Success { Value: var ended }
                ? session.Done("Unsubscribed.", new JsonObject { ["unsubscribed"] = ended })
                : session.End(result);
        });
        return command;
    }
}
