using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Subscriptions;

/// <summary>Makes the next notification of a subscription.</summary>
internal static class NotificationMaker
{
    /// <summary>Takes the next events, or a StatusEvent whose watermark may have moved although nothing happened.</summary>
    public static EwsNotification Take(Guid database, SimulatedSubscription subscription, bool noWatermarks)
    {
        var previous = Watermark.Format(database, subscription.LastTold);
        var (entries, more) = subscription.Take();
        subscription.Tell(entries.Count == 0 ? subscription.Cursor : entries[^1].Counter);
        if (noWatermarks)
        {
            return new EwsNotification(subscription.Id, null, more, entries.Count == 0
                ? [MailboxEvent.Status(null)]
                : [.. entries.Select(entry => entry.Event)]);
        }

        return new EwsNotification(subscription.Id, previous, more, entries.Count == 0
            ? [MailboxEvent.Status(Watermark.Format(database, subscription.Cursor))]
            : [.. entries.Select(entry => entry.Event with { Watermark = Watermark.Format(database, entry.Counter) })]);
    }
}
