namespace Relay.Wire.Smtp;

/// <summary>What a MAIL command says (RFC 5321 §4.1.1.2).</summary>
/// <param name="ReversePath">Where bounces go; null is the null reverse-path <c>&lt;&gt;</c>.</param>
/// <param name="Size">Octets announced by SIZE (RFC 1870 §3), <see cref="long.MaxValue"/> when more; null when not said.</param>
/// <param name="EightBit">BODY=8BITMIME (RFC 6152 §3).</param>
/// <param name="SmtpUtf8">SMTPUTF8 (RFC 6531 §3.4).</param>
/// <param name="EnvelopeId">ENVID, decoded (RFC 3461 §4.4).</param>
/// <param name="Ret">RET, <c>FULL</c> or <c>HDRS</c> (RFC 3461 §4.3).</param>
public sealed record MailParameters(MailAddress? ReversePath, long? Size, bool EightBit, bool SmtpUtf8, string? EnvelopeId, string? Ret);
