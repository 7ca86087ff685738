namespace Relay.Store;

/// <summary>Who wants to hear of what.</summary>
/// <remarks>
/// Rows found one by one, or to be dealt with by the clock, are held until the end of a transaction that may change something: no other
/// process changes them meanwhile.
/// </remarks>
internal interface ISubscriptionTable
{
    /// <summary>Returns the row's id, which is never used again.</summary>
    long Add(NewSubscription subscription);

    Subscription? Find(long id);

    Subscription? FindByPublicId(string publicId);

    /// <summary>Every subscription that has not ended, paused and suspended ones included, by id; what is loaded at start.</summary>
    IReadOnlyList<Subscription> Active();

    /// <summary>Those of one principal that have not ended, by id.</summary>
    IReadOnlyList<Subscription> OfPrincipal(string principal);

    /// <summary>For the operator: any state, by id, from after <paramref name="afterId"/>.</summary>
    IReadOnlyList<Subscription> List(long afterId, int atMost);

    /// <summary>A mail of that sequence tells everything up to the cursor. False when it has ended.</summary>
    bool Advance(long id, LogPosition cursor, long sequence, DateTimeOffset now);

    /// <summary>The owner was heard of; its cursor moves if one is given. False when it has ended.</summary>
    bool Touch(long id, DateTimeOffset now, LogPosition? cursor = null);

    /// <summary>Active, paused or suspended, and why. False when it has ended.</summary>
    bool SetState(long id, SubscriptionState state, string? reason, DateTimeOffset now);

    bool SaveSettings(long id, string? settings);

    /// <summary>Pull and streaming subscriptions whose owner has been silent for longer than their period, without their folders.</summary>
    IReadOnlyList<Subscription> Idle(DateTimeOffset now, int atMost);

    /// <summary>For good; a stream that tells its events is to be closed. False when it had ended already.</summary>
    /// <param name="tellOwner">Its row is to be looked at once more (<see cref="Due"/>), to tell the owner why.</param>
    bool End(long id, string reason, DateTimeOffset now, bool tellOwner = false);

    /// <summary>Sets when it is to be looked at though nothing happens to it; null for never. An ended one too.</summary>
    void Wake(long id, DateTimeOffset? at);

    /// <summary>Those to be looked at, of any state; the longest due first.</summary>
    IReadOnlyList<Subscription> Due(DateTimeOffset now, int atMost);

    /// <summary>When the next is to be looked at; null when none is.</summary>
    DateTimeOffset? NextWake();

    /// <summary>Push subscriptions that are paused or suspended since before a time, without their folders.</summary>
    IReadOnlyList<Subscription> HeldBackSince(DateTimeOffset before, int atMost);

    /// <summary>Push and streaming subscriptions whose cursor is before a position, by id from after <paramref name="afterId"/>.</summary>
    IReadOnlyList<Subscription> Behind(LogPosition position, long afterId, int atMost);

    /// <summary>Each combination of principal, mailbox and address that an open subscription has, once.</summary>
    IReadOnlyList<SubscriptionRight> Rights();

    /// <summary>Those with this combination that have not ended.</summary>
    IReadOnlyList<long> With(SubscriptionRight right);

    /// <summary>Whether an open subscription, one that does not ask by itself (pull), sends its mail to this address; upper and lower case are the same.</summary>
    bool IsNotified(string address);

    /// <summary>Makes those with this combination another principal's. Returns how many.</summary>
    int GiveTo(SubscriptionRight right, string principal);

    int CountActive();

    /// <summary>The mailboxes that open subscriptions watch.</summary>
    IReadOnlySet<long> Mailboxes();

    /// <summary>How many stand in each state that is not the end.</summary>
    IReadOnlyDictionary<SubscriptionState, int> CountByState();

    /// <summary>Those that a Subscribe with this Message-ID made, in any state. Reads through all that are kept.</summary>
    IReadOnlyList<Subscription> OfRootMessage(string rootMessageId);

    /// <summary>Removes those that ended before; at most <paramref name="atMost"/>.</summary>
    int Purge(DateTimeOffset endedBefore, int atMost);
}
