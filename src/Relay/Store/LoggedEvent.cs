using Relay.Wire.Ews;

namespace Relay.Store;

/// <summary>An event in the log.</summary>
/// <param name="CaughtUp">It was found by catching up, not told as it happened.</param>
internal sealed record LoggedEvent(LogPosition Position, long MailboxId, MailboxEvent Event, bool CaughtUp)
{
    /// <summary>It is about a mail that the relay itself made; see docs/decisions/0007.</summary>
    public bool Own { get; init; }

    /// <summary>When it came into the log.</summary>
    public DateTimeOffset LoggedAt { get; init; }

    /// <summary>Not null: no event, but the note that events may be missing here. <see cref="Event"/> is then a StatusEvent.</summary>
    public EventGap? Gap { get; init; }
}
