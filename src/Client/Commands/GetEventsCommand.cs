using System.CommandLine;
using System.Text.Json.Nodes;
using Relay.Client.Mail;
using Relay.Client.Services;
using Relay.Wire.Ews;

namespace Relay.Client.Commands;

/// <summary><c>get-events</c>: fetches what happened after a watermark.</summary>
internal static class GetEventsCommand
{
    public static Command Create(SessionOpener sessions)
    {
        Argument<string> subscription = SubscriptionArgument.Create();
        var watermark = new Argument<string>("WATERMARK") { Description = "The last one seen; events after it are fetched" };
        var command = new Command("get-events", "Fetches the events after a watermark: for pull subscriptions, and for what was lost")
        {
            subscription, watermark,
        };
        sessions.SetAsking(command, (parsed, session, cancellationToken) =>
            FetchAsync(session, parsed.GetRequiredValue(subscription), parsed.GetRequiredValue(watermark), cancellationToken));
        return command;
    }

    private static async Task<int> FetchAsync(Session session, string subscription, string watermark, CancellationToken cancellationToken)
    {
        bool more = true;
        while (more)
        {
            ServiceResult<EwsNotification> result = await session.Ews.GetEventsAsync(subscription, watermark, cancellationToken);
            if (result is not ServiceResult<EwsNotification>.Success { Value: var answer })
            {
                return session.End(result);
            }
            session.Reporter.Result(NotificationView.Text(answer), NotificationView.Json(answer));
            string last = answer.LastWatermark() ?? watermark;
            // A server that promises more but does not move on would be asked for ever.
            more = answer.MoreEvents == true && last != watermark;
            watermark = last;
        }
        return session.Done($"Watermark: {watermark}", new JsonObject { ["watermark"] = watermark });
    }
}
