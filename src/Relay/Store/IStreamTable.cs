namespace Relay.Store;

/// <summary>The streams that are open, so that they outlive a restart. A subscription is in one at most.</summary>
internal interface IStreamTable
{
    /// <summary>
    /// Opens one; a stream that already tells events of one of the subscriptions is to be closed (<see cref="StreamEndReason.TakenOver"/>).
    /// </summary>
    long Open(string frame, DateTimeOffset endsAt, IReadOnlyList<long> subscriptionIds);

    /// <summary>The stream that tells a subscription's events; null when there is none, or it is to be closed before its time.</summary>
    OpenStream? Of(long subscriptionId);

    OpenStream? Find(long id);

    /// <summary>Those to be closed: their time is over, or one of their subscriptions is no longer theirs.</summary>
    IReadOnlyList<OpenStream> Ending(DateTimeOffset now);

    /// <summary>When the next is to be closed; null when none is open.</summary>
    DateTimeOffset? NextEnd();

    /// <summary>It is closed. False when it was already.</summary>
    bool Remove(long id);
}
