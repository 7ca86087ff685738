namespace Relay.Wire.Smtp;

/// <summary>What a RCPT command says (RFC 5321 §4.1.1.3).</summary>
/// <param name="Address">The forward-path without its source route.</param>
/// <param name="Notify">NOTIFY in upper case, <c>NEVER</c> or a list with commas (RFC 3461 §4.1).</param>
/// <param name="OriginalRecipient">ORCPT as <c>type;address</c>, the address decoded (RFC 3461 §4.2).</param>
public sealed record RecipientParameters(MailAddress Address, string? Notify, string? OriginalRecipient)
{
    /// <summary>Something of it is written beyond ASCII: its mail has to say SMTPUTF8 (RFC 6531 §3.4).</summary>
    public bool NeedsSmtpUtf8 { get; init; }
}
