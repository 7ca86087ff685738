using Relay.Store;

namespace Relay.Housekeeping;

/// <summary>
/// The events that were let go of and are not removed yet, read once for all subscriptions of their mailbox: as many as one step lets go of, in all.
/// Nothing changes them.
/// </summary>
/// <param name="upTo">The last that goes.</param>
internal sealed class RetiredEvents(LogPosition upTo)
{
    private const int ReadAtOnce = 256;

    private readonly Dictionary<long, IReadOnlyList<LoggedEvent>> _ofMailbox = [];

    public LogPosition UpTo => upTo;

    /// <param name="log">Where they are.</param>
    /// <param name="mailboxId">Whose.</param>
    public IReadOnlyList<LoggedEvent> Of(IEventLog log, long mailboxId)
    {
        if (!_ofMailbox.TryGetValue(mailboxId, out var events))
        {
            _ofMailbox.Add(mailboxId, events = Read(log, mailboxId));
        }

        return events;
    }

    private List<LoggedEvent> Read(IEventLog log, long mailboxId)
    {
        var events = new List<LoggedEvent>();
        for (var position = new LogPosition(0); position.Value < upTo.Value;)
        {
            var batch = log.After(mailboxId, position, ReadAtOnce);
            events.AddRange(batch.TakeWhile(logged => logged.Position.Value <= upTo.Value));
            position = batch.Count < ReadAtOnce ? upTo : batch[^1].Position;
        }

        return events;
    }
}
