namespace Relay.Operator;

/// <summary>Which subscriptions are asked for; null asks for all.</summary>
/// <param name="Mailbox">Its address.</param>
/// <param name="Owner">The owner, or a part of it.</param>
/// <param name="State">One of active, paused, suspended, ended.</param>
internal sealed record SubscriptionSearch(string? Mailbox, string? Owner, string? State)
{
    public bool Fits(SubscriptionReport report) =>
        (Mailbox is null || report.Mailbox.Equals(Mailbox, StringComparison.OrdinalIgnoreCase))
        && (Owner is null || report.Owner.Contains(Owner, StringComparison.OrdinalIgnoreCase))
        && (State is null || report.State.Equals(State, StringComparison.OrdinalIgnoreCase));
}
