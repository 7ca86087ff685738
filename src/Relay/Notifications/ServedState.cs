using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Notifications;

/// <summary>What the worker remembers of a subscription between two of its mails.</summary>
/// <param name="Subscription">Its row.</param>
/// <param name="ReadTo">Nothing that it asked for lies between its cursor and here.</param>
/// <param name="MailUnderWay">Whether the outbox still holds a mail of it, or one that its mails must not overtake.</param>
/// <param name="Stream">The stream that tells its events; null for push.</param>
/// <param name="Dropped">What it was not told of and never will be.</param>
/// <param name="Awaited">The notification that must be acknowledged before the next.</param>
internal sealed record ServedState(
    Subscription Subscription, LogPosition ReadTo, bool MailUnderWay, OpenStream? Stream, DroppedEvents? Dropped, AwaitedAcknowledgement? Awaited)
{
    /// <summary>How the subscriber wants to be told.</summary>
    public DeliveryWishes Wishes { get; init; } = DeliveryWishes.None;

    /// <summary>What lies up to here did not fit into the last mail and is told at once.</summary>
    public LogPosition RestUpTo { get; init; }

    /// <summary>Nothing is to be told before this time, unless the log goes on to here, or has a gap behind what was seen.</summary>
    public (DateTimeOffset Until, LogPosition Enough, LogPosition Seen)? Hold { get; init; }

    /// <summary>When a StatusEvent is due if nothing else is mailed before.</summary>
    public DateTimeOffset StatusDue => Subscription.LastActivityAt + TimeSpan.FromMinutes(Subscription.PeriodMinutes);

    /// <summary>Whether its events are being collected still. Costs what the log has grown by.</summary>
    public bool IsHeld(DateTimeOffset now, IEventLog log, LogPosition end) => Hold is { } hold
        && now < hold.Until
        && end.Value < hold.Enough.Value
        && !log.After(Subscription.MailboxId, hold.Seen, (int)(end.Value - hold.Seen.Value)).Any(logged => logged.Gap is not null);

    /// <summary>Whether the next mail may be made now, as far as the subscription itself is concerned.</summary>
    public bool IsIdle(DateTimeOffset now) => !MailUnderWay
        && Subscription.State == SubscriptionState.Active
        && Awaited is null
        && (Subscription.Kind == SubscriptionKind.Push || Stream?.EndsAt > now);
}
