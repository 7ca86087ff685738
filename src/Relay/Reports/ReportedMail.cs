using Relay.Store;

namespace Relay.Reports;

/// <summary>A mail of somebody else's, of which its sender is told.</summary>
/// <param name="ReversePath">Whom to tell; null is nobody: a report is never reported on (RFC 3461 §6.1).</param>
/// <param name="ArrivedAt">When we took it.</param>
/// <param name="Wishes">Of the whole mail; those of its recipients are in the reports.</param>
/// <param name="Octets">Header and body.</param>
internal sealed record ReportedMail(string? ReversePath, DateTimeOffset ArrivedAt, ReportWishes Wishes, ReadOnlyMemory<byte> Octets);
