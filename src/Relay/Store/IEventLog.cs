using Relay.Wire.Ews;

namespace Relay.Store;

/// <summary>Every event of every watched mailbox, once, under one counter.</summary>
internal interface IEventLog
{
    /// <summary>Returns the position of each, in order. Whoever sees a position later than these sees these too.</summary>
    /// <param name="isOwn">Which are about a mail that the relay itself made; null for none.</param>
    IReadOnlyList<LogPosition> Append(
        long mailboxId, IReadOnlyList<MailboxEvent> events, bool caughtUp, DateTimeOffset now, Predicate<MailboxEvent>? isOwn = null);

    /// <summary>
    /// What happened to a mailbox between two times may be missing above this place in the log. It stands among the events, as a StatusEvent
    /// that carries <see cref="LoggedEvent.Gap"/>, so that every cursor passes it once and in order.
    /// </summary>
    LogPosition AppendGap(long mailboxId, EventGap gap, DateTimeOffset now);

    /// <summary>Where the next reader begins that wants only what comes.</summary>
    LogPosition End();

    /// <summary>Everything after this position is still there; a watermark before it has aged.</summary>
    LogPosition OldestRetained();

    /// <summary>The events of one mailbox after a position, in order. Costs as much as it returns.</summary>
    IReadOnlyList<LoggedEvent> After(long mailboxId, LogPosition after, int atMost);

    /// <summary>
    /// The mailboxes that have events after a position, each once, with the position of its last: what a worker
    /// looks at when the bell rang. Reads at most <paramref name="atMostEvents"/> events.
    /// </summary>
    IReadOnlyList<MailboxTail> MailboxesAfter(LogPosition after, int atMostEvents);

    /// <summary>Whether the log tells before a position that the item was created (CreatedEvent), in whatever folder.</summary>
    bool HasCreated(long mailboxId, string itemId, LogPosition before);

    /// <summary>Whether the log tells this of an item or folder as the child of that folder.</summary>
    bool Tells(long mailboxId, MailboxEventType type, string objectId, string parentFolderId);

    /// <summary>Whether the log tells that the item was moved to where it has another id.</summary>
    bool TellsMoveOf(long mailboxId, string oldItemId);

    /// <summary>The last event that names the item or folder as its object; null when none is retained.</summary>
    LoggedEvent? LastOf(long mailboxId, string objectId);

    /// <summary>The event or gap at a place; null when none is retained there.</summary>
    LoggedEvent? At(LogPosition position);

    /// <summary>The last gaps of all mailboxes, latest first.</summary>
    IReadOnlyList<LoggedEvent> LastGaps(int atMost);

    /// <summary>
    /// Lets go of the next events, from the oldest on: those logged before <paramref name="loggedBefore"/>, and those beyond the last
    /// <paramref name="mostKept"/>; at most <paramref name="atMost"/>. From then on their watermarks have aged; <see cref="Remove"/> removes the rows, so
    /// that whoever should still be told of them can be found meanwhile. False when none is left that is to go.
    /// </summary>
    bool Retire(DateTimeOffset loggedBefore, long mostKept, int atMost);

    /// <summary>Whether rows are left of events that were let go of.</summary>
    bool HasRetired();

    /// <summary>
    /// Removes rows of events that were let go of, up to the one given; at most so many, so that the writer is not held for long: repeat until fewer are
    /// returned.
    /// </summary>
    int Remove(LogPosition upTo, int atMost);
}
