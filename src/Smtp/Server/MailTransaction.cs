using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>One MAIL with the recipients that were accepted for it (RFC 5321 §3.3).</summary>
/// <param name="Mail">The MAIL command.</param>
/// <param name="Recipients">In the order of the RCPT commands, at least one.</param>
/// <param name="Id">Our id of the mail; it also stands in the Received field.</param>
public sealed record MailTransaction(MailParameters Mail, IReadOnlyList<RecipientParameters> Recipients, string Id);
