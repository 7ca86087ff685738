using Relay.Wire.Smtp;

namespace Relay.Wire.Mime;

/// <summary>One recipient's part of a delivery status notification.</summary>
/// <param name="FinalRecipient">Where it failed, which forwarding may have changed; null when illegible.</param>
/// <param name="OriginalRecipient">Whom the sender named; null when not reported.</param>
/// <param name="Action">What became of the mail.</param>
/// <param name="Status">The enhanced status; null when illegible.</param>
/// <param name="Diagnostic">What the other server said, without its type, for people; null when not reported.</param>
public sealed record RecipientStatus(
    MailAddress? FinalRecipient,
    MailAddress? OriginalRecipient,
    DeliveryAction Action,
    EnhancedStatus? Status,
    string? Diagnostic);
