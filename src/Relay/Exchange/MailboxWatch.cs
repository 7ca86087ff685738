namespace Relay.Exchange;

/// <summary>
/// One watched mailbox while the relay runs: the EWS subscription it has, and what must be done before its events can be trusted to be
/// complete. Owned by its group, whose lock guards it.
/// </summary>
internal sealed class MailboxWatch(long mailboxId, string address, Backoff backoff)
{
    internal long MailboxId => mailboxId;

    internal string Address => address;

    /// <summary>The waits of this mailbox alone: one that Exchange refuses does not hold up the others.</summary>
    internal Backoff Backoff => backoff;

    /// <summary>The EWS subscription, alive or not; null before the first.</summary>
    internal string? SubscriptionId { get; set; }

    /// <summary>Its subscription is no longer good, or may have told events into a connection that was cut.</summary>
    internal bool NeedsSubscription { get; set; } = true;

    /// <summary>Events may have been missed since the stored sync states.</summary>
    internal bool NeedsCatchUp { get; set; } = true;

    /// <summary>Someone is at work on one of the two needs.</summary>
    internal bool IsPreparing { get; set; }

    /// <summary>After a failure: not to be tried again before.</summary>
    internal DateTimeOffset NotBefore { get; set; }

    internal bool IsReady => !NeedsSubscription && SubscriptionId is not null;

    internal bool IsDue(DateTimeOffset now) => (NeedsSubscription || NeedsCatchUp) && !IsPreparing && NotBefore <= now;

    /// <summary>What came through its subscription cannot be relied on any more.</summary>
    internal void Distrust()
    {
        NeedsSubscription = true;
        NeedsCatchUp = true;
    }
}
