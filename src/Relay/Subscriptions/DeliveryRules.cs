using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>What a subscription's wishes make of the log: which page is next, and when it is told.</summary>
internal static class DeliveryRules
{
    /// <summary>What a net effect is made of at most; more is told in a second mail.</summary>
    private const int MostCoalesced = 1000;

    public static EventPage Read(IEventLog log, Subscription subscription, DeliveryWishes wishes, LogPosition after)
    {
        int most = wishes.Waits() is null ? EventPage.MostEvents : wishes.Enough();
        return wishes.Coalesce == true
            ? NetEvents.Of(EventPage.ReadToGap(log, subscription, after, MostCoalesced), most)
            : EventPage.ReadToGap(log, subscription, after, most);
    }

    /// <summary>
    /// Until when a page is held back, counted from when its first event came into the log; null when it is told at once, as a page that is full, that ends at a
    /// gap, or the rest of one that did not fit into a mail.
    /// </summary>
    public static DateTimeOffset? HeldUntil(EventPage page, DeliveryWishes wishes, LogPosition restUpTo, DateTimeOffset now) =>
        wishes.Waits() is { } waits
        && page is { More: false, Gaps.Count: 0, Events: [var first, ..] }
        && page.Events.Count < wishes.Enough()
        && first.Position.Value > restUpTo.Value
        && first.LoggedAt + waits is var until
        && until > now
            ? until
            : null;
}
