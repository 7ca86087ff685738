using Relay.Store;

namespace Relay.Exchange;

/// <summary>Where the log of a mailbox stood before its states were asked for: they hold all that is told up to there, and what broke before.</summary>
/// <param name="End">The end of the log.</param>
/// <param name="Breaks">How often it had broken.</param>
internal readonly record struct SyncMark(LogPosition End, long Breaks);
