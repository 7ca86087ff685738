namespace Relay.Store;

/// <summary>Mails that wait to be sent.</summary>
internal interface IOutboxTable
{
    /// <summary>
    /// Due at once, whatever the clock says. The cursor of its subscription is kept with it as it stands now: add a notification before moving
    /// the cursor. Returns the row's id, which is never used again.
    /// </summary>
    long Add(NewOutboxMail mail);

    /// <summary>
    /// Takes the mails that are due, and those whose lease has run out: answers before notifications, new ones first, oldest
    /// first. Mails of <paramref name="busyLanes"/> are left where they are. Costs as much as it returns and leaves.
    /// </summary>
    IReadOnlyList<OutboxMail> Claim(
        int atMost, DateTimeOffset now, TimeSpan lease, IReadOnlyCollection<long>? busyLanes = null, bool answersOnly = false);

    /// <summary>Holds a claim for longer; null when it has run out and another has the mail, or the mail is settled.</summary>
    OutboxMail? Renew(OutboxMail mail, DateTimeOffset now, TimeSpan lease);

    /// <summary>The next hop took it. False when it is settled already, which happens after a lease ran out.</summary>
    bool Delivered(long id, string reply, DateTimeOffset now);

    /// <summary>Gives it back, to be claimed again from <paramref name="notBefore"/> on. False when it is settled already.</summary>
    bool Retry(long id, DateTimeOffset notBefore, string note);

    /// <summary>
    /// As <see cref="Retry"/>, for a mail that nobody tried to send: the attempt does not count. False, too, when its claim has run out and another has
    /// it, who may be sending it.
    /// </summary>
    bool PutBack(OutboxMail mail, DateTimeOffset notBefore, string note);

    /// <summary>Ends it without success; kept for the operator until purged. False when it is settled already.</summary>
    bool GiveUp(long id, string note, DateTimeOffset now);

    /// <summary>
    /// It came back after the next hop had taken it: ended without success, whatever was settled before. False when that is known already.
    /// </summary>
    bool Returned(long id, string note, DateTimeOffset now);

    /// <summary>The operator's: a waiting or given-up mail becomes due at once, with its attempts forgotten. False when there is none.</summary>
    bool RetryNow(long id);

    /// <summary>A settled mail is sent once more, with the same octets. False when there is none.</summary>
    bool Repeat(long id);

    /// <summary>The operator's: removes a mail that is not claimed. False when there is none.</summary>
    bool Drop(long id);

    /// <summary>The operator's: ends a waiting or given-up mail unsent; it is kept until purged. False when there is none.</summary>
    bool Discard(long id, string note, DateTimeOffset now);

    /// <summary>Notes an attempt that failed, for <see cref="Trail"/>; what becomes of the mail is told beside it.</summary>
    void NoteFailure(long id, FailedAttempt attempt);

    /// <summary>Notes that its sender is told of its delay. False when that was noted before.</summary>
    bool NoteDelayTold(long id);

    /// <summary>Null when there is no such mail.</summary>
    OutboxTrail? Trail(long id);

    /// <summary>Removes the notifications of an ended subscription that nobody has claimed; what answers a request stays. Returns how many.</summary>
    int DropOfSubscription(long subscriptionId);

    OutboxEntry? Find(long id);

    OutboxEntry? FindByMessageId(string messageId);

    /// <summary>By the <see cref="TextKey"/> of its Message-ID.</summary>
    OutboxEntry? FindByMessageKey(long key);

    /// <summary>The notification of the highest sequence, whatever became of it.</summary>
    OutboxEntry? LastOfSubscription(long subscriptionId);

    /// <summary>A stored answer that was sent again has the id that it had before. Oldest first, 100 at most.</summary>
    IReadOnlyList<OutboxEntry> OfMessageId(string messageId);

    /// <summary>The last mails of a subscription in any state, oldest first. Reads back through all that are kept until it has so many.</summary>
    IReadOnlyList<OutboxEntry> OfSubscription(long subscriptionId, int atMost);

    ReadOnlyMemory<byte>? Content(long id);

    /// <summary>What the sender of a mail that we pass on is to be told; null of our own mail, or where there is none.</summary>
    ReportWishes? Wishes(long id);

    /// <summary>By id, from after <paramref name="afterId"/>; null lists every state.</summary>
    IReadOnlyList<OutboxEntry> List(OutboxState? state, long afterId, int atMost);

    QueueCounts Counts();

    /// <summary>Whether so many answers or more are not sent yet. Costs as much as it counts.</summary>
    bool HasAnswersWaiting(int most);

    /// <summary>
    /// Whether so many mails of others or more, which we pass on, are not sent yet. Costs as much as it counts; as much as notifications wait where these are more.
    /// </summary>
    bool HasPassedOnWaiting(int most);

    /// <summary>How many answers to each domain (<see cref="LaneKey"/>) are not sent yet. Costs as much as it counts.</summary>
    IReadOnlyDictionary<long, long> AnswersWaiting();

    /// <summary>The subscriptions that have a mail waiting or claimed; each once.</summary>
    IReadOnlyList<long> SubscriptionsWithMailUnderWay();

    bool HasMailUnderWay(long subscriptionId);

    /// <summary>Makes every claimed mail due at once, as if it had not been claimed; for a start where no other claimer can be at work. Returns how many.</summary>
    int ReleaseAllClaims();

    /// <summary>Makes mails that wait for a time after <paramref name="latest"/> due at once: a clock that was wrong set it. Returns how many.</summary>
    int BringForward(DateTimeOffset latest);

    /// <summary>
    /// Removes delivered and given-up mails settled before <paramref name="settledBefore"/>; at most <paramref name="atMost"/>,
    /// so that the writer is not held for long: repeat until fewer are returned.
    /// </summary>
    int Purge(DateTimeOffset settledBefore, int atMost);
}
