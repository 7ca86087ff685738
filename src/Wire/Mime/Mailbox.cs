using Relay.Wire.Smtp;

namespace Relay.Wire.Mime;

/// <summary>An address as a header field gives it (RFC 5322 §3.4).</summary>
/// <param name="DisplayName">Decoded, for people only: it proves nothing and is never read as an address. Null when absent.</param>
/// <param name="Address">The address itself.</param>
public sealed record Mailbox(string? DisplayName, MailAddress Address);
