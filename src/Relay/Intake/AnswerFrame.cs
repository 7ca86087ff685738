using Relay.Access;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>Everything of an answer mail but its content.</summary>
internal sealed record AnswerFrame
{
    public required ServiceAddress Service { get; init; }

    public required MailAddress To { get; init; }

    public required MailFacts Request { get; init; }

    /// <summary>What In-Reply-To says, octet for octet.</summary>
    public required string RequestId { get; init; }

    public SoapVersion Version { get; init; } = SoapVersion.Soap11;

    public SoapLayout Layout { get; init; } = SoapLayout.Flat;

    public required string MediaType { get; init; }

    /// <summary>Packaged as the request was, in application/xop+xml.</summary>
    public bool IsXop { get; init; }

    public WsAddressing Addressing { get; init; } = new();
}
