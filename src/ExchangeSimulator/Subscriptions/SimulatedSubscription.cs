using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Subscriptions;

/// <summary>A subscription: a filter and a cursor into the event table of one mailbox. Touched only under the gate of the database.</summary>
internal sealed class SimulatedSubscription(
    string id, SubscribeRequest request, string owner, string serverVersion, SimulatedMailbox mailbox, IEnumerable<string> folders, long cursor)
{
    /// <summary>No notification holds more events than this.</summary>
    public const int MostEvents = 50;

    private readonly HashSet<string> _folders = [.. folders];

    public string Id { get; } = id;

    public SubscribeRequest Request { get; } = request;

    /// <summary>The account that made it; no other may use it.</summary>
    public string Owner { get; } = owner;

    /// <summary>The version that the Subscribe asked for, which push requests repeat.</summary>
    public string ServerVersion { get; } = serverVersion;

    public SimulatedMailbox Mailbox { get; } = mailbox;

    /// <summary>The last event that was told, or passed over because the filter hides it.</summary>
    public long Cursor { get; private set; } = cursor;

    /// <summary>The last watermark that the client was given, which is the next notification's PreviousWatermark; not beyond the cursor.</summary>
    public long LastTold { get; private set; } = cursor;

    public DateTimeOffset LastUsed { get; private set; }

    /// <summary>The stream that serves it now; null between two connections.</summary>
    public StreamInbox? Stream { get; set; }

    /// <summary>Events that it has not seen were forgotten.</summary>
    public bool HasMissedEvents => Mailbox.ForgottenUpTo > Cursor;

    public void Use(DateTimeOffset now) => LastUsed = now;

    public void MoveTo(long counter) => Cursor = counter;

    public void Tell(long counter) => LastTold = counter;

    public bool Sees(EventTableEntry entry) =>
        (Request.EventTypes & EventNames.FlagOf(entry.Event.Type)) != 0
        && (Request.AllFolders
            ? (entry.Views & EventViews.All) != 0
            : (entry.Views & EventViews.Listed) != 0 && entry.Concerns.Any(_folders.Contains));

    /// <summary>The next events, at most 50, and whether there are more; the cursor moves behind what is returned.</summary>
    public (IReadOnlyList<EventTableEntry> Events, bool More) Take()
    {
        var events = new List<EventTableEntry>();
        var last = Mailbox.LastEvent;
        foreach (var entry in Mailbox.EventsAfter(Cursor))
        {
            if (!Sees(entry))
            {
                continue;
            }

            if (events.Count == MostEvents)
            {
                Cursor = events[^1].Counter;
                return (events, true);
            }

            events.Add(entry);
        }

        Cursor = Math.Max(Cursor, last);
        return (events, false);
    }
}
