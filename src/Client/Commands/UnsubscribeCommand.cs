using System.CommandLine;
using System.Text.Json.Nodes;
using Relay.Client.Services;

namespace Relay.Client.Commands;

/// <summary><c>unsubscribe</c>: ends a subscription.</summary>
internal static class UnsubscribeCommand
{
    public static Command Create(ClientSession session)
    {
        Argument<string> subscription = SubscriptionArgument.Create();
        var command = new Command("unsubscribe", "Ends a subscription of any kind") { subscription };
        session.SetAction(command, "ews", _ => false, async (parsed, running, cancellationToken) =>
        {
            var ews = new EwsMailService(running.Client, running.Service);
            ServiceResult<string> result = await ews.UnsubscribeAsync(parsed.GetRequiredValue(subscription), cancellationToken);
            if (result is not ServiceResult<string>.Success { Value: var ended })
            {
                return running.Reporter.Failure(Sentences.Of(result));
            }
            running.Reporter.Result("Unsubscribed.", new JsonObject { ["unsubscribed"] = ended });
            return ExitCodes.Success;
        });
        return command;
    }
}
