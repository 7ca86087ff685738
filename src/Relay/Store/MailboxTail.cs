namespace Relay.Store;

/// <summary>A mailbox and its last event within a stretch of the log.</summary>
internal readonly record struct MailboxTail(long MailboxId, LogPosition Last);
