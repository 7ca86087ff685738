using Relay.Wire.Smtp;

namespace Relay.Wire.Mime;

/// <summary>What became of a mail for one recipient, to be told (RFC 3464 §2.3).</summary>
/// <param name="Address">The recipient as the mail came to us.</param>
/// <param name="Action">Anything but <see cref="DeliveryAction.Unknown"/>.</param>
/// <param name="Status">Of class 2, 4 or 5.</param>
public sealed record ReportedRecipient(MailAddress Address, DeliveryAction Action, EnhancedStatus Status)
{
    /// <summary>ORCPT as <c>type;address</c>, decoded; null where the sender gave none.</summary>
    public string? OriginalRecipient { get; init; }

    /// <summary>The server that said so; null where it was us.</summary>
    public string? RemoteServer { get; init; }

    /// <summary>What that server said, code and all; null where it was us.</summary>
    public string? Diagnostic { get; init; }

    /// <summary>When a delayed mail is given up.</summary>
    public DateTimeOffset? WillRetryUntil { get; init; }
}
