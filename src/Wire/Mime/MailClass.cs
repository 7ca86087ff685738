namespace Relay.Wire.Mime;

/// <summary>What kind of mail it is, and what said so.</summary>
/// <param name="Kind">Decides whether it may be executed and answered.</param>
/// <param name="Reason">For the log: the field or fact that decided, without text of the mail.</param>
public sealed record MailClass(MailKind Kind, string Reason);
