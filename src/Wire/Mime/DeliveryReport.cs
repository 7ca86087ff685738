using Relay.Wire.Smtp;

namespace Relay.Wire.Mime;

/// <summary>A delivery status notification to be mailed (RFC 3461 §6.2).</summary>
public sealed record DeliveryReport
{
    /// <summary>Who tells: a person must read what is mailed there.</summary>
    public required MailAddress From { get; init; }

    /// <summary>The reverse-path of the mail that is told of.</summary>
    public required MailAddress To { get; init; }

    /// <summary>With its angle brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it is made.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>Our host name.</summary>
    public required string ReportingServer { get; init; }

    /// <summary>When we took the mail.</summary>
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>ENVID, decoded; null where the sender gave none.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<ReportedRecipient> Recipients { get; init; }

    /// <summary>The mail that is told of, header and body.</summary>
    public required ReadOnlyMemory<byte> Mail { get; init; }

    /// <summary>RET=FULL: the mail, up to 256 KiB, goes back whole where any recipient failed; else, as otherwise, its header (RFC 3461 §4.3).</summary>
    public bool ReturnsWhole { get; init; }
}
