namespace Relay.Store;

/// <summary>What a subscription needs the right to.</summary>
/// <param name="Principal">Whose it is.</param>
/// <param name="Mailbox">The address of what it watches.</param>
/// <param name="NotifyAddress">Where its mail goes.</param>
internal sealed record SubscriptionRight(string Principal, string Mailbox, string NotifyAddress);
