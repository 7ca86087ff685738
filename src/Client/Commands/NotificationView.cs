using System.Text.Json.Nodes;
using Relay.Wire.Ews;

namespace Relay.Client.Commands;

/// <summary>The events of one subscription as lines of text and as JSON.</summary>
internal static class NotificationView
{
    public static string Text(EwsNotification notification) => string.Join(Environment.NewLine, notification.Events.Select(EventView.Text));

    public static JsonObject Json(EwsNotification notification) => new()
    {
        ["subscriptionId"] = notification.SubscriptionId,
        ["previousWatermark"] = notification.PreviousWatermark,
        ["events"] = new JsonArray([.. notification.Events.Select(EventView.Json)]),
    };
}
