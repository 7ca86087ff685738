using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What a subscription told of its mailbox.</summary>
/// <param name="HasMissed">Something is missing before it: there the log breaks (<see cref="ToldEvents"/>).</param>
internal sealed record Telling(MailboxWatch Mailbox, string SubscriptionId, IReadOnlyList<MailboxEvent> Events, bool HasMissed)
{
    internal bool HasEvents { get; } = Events.Any(item => item.Type != MailboxEventType.Status);
}
