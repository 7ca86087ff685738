using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>What a mail brings to prove whom it is from.</summary>
internal sealed record MailEvidence
{
    /// <summary>The way it came.</summary>
    public required MailOrigin Origin { get; init; }

    /// <summary>Its From, if that names one mailbox; else its MAIL FROM.</summary>
    public required MailAddress Sender { get; init; }

    /// <summary><see cref="Sender"/> is its From. Proofs that speak of From prove nothing without one.</summary>
    public required bool HasAuthor { get; init; }

    /// <summary>Another server has stamped it, so the client that handed it to us did not write it.</summary>
    public required bool WasRelayed { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required HeaderFields Headers { get; init; }

    /// <summary>The part tree; null where the mail cannot be read.</summary>
    public required MimeEntity? Root { get; init; }

    /// <summary>The id that the answer will refer to, as written; null where it has none.</summary>
    public required string? RequestId { get; init; }

    /// <summary>The envelope's octets, transfer encoding undone; null where none was found, or parts beside it that it may refer to.</summary>
    public ReadOnlyMemory<byte>? Envelope { get; init; }
}
