using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>A row of the event table.</summary>
/// <param name="Counter">Its place among all events of the database; there are holes between two.</param>
/// <param name="Event">Without watermark, since that is made of the counter.</param>
/// <param name="Views">Who sees it.</param>
/// <param name="Concerns">The folders whose subscribers see it.</param>
internal sealed record EventTableEntry(long Counter, MailboxEvent Event, EventViews Views, IReadOnlyList<string> Concerns);
