namespace Relay.Exchange;

/// <summary>Whose folders are synchronised, and which way the requests take.</summary>
internal sealed record SyncTarget(long MailboxId, string Address, Affinity Affinity);
