using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>What a subscriber is told of a page: events each with its watermark, or one StatusEvent when there are none.</summary>
internal static class NotificationShape
{
    public static EwsNotification Describe(Subscription subscription, EventPage page, string previousWatermark, WatermarkCodec watermarks)
    {
        IReadOnlyList<MailboxEvent> events = page.Events.Count > 0
            ? [.. page.Events.Select(logged => logged.Event with { Watermark = watermarks.Encode(logged.Position) })]
            : [MailboxEvent.Status(watermarks.Encode(page.ReadTo))];
        return new EwsNotification(subscription.PublicId, previousWatermark, page.More, events);
    }
}
