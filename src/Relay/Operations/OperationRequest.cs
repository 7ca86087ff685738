using System.Xml.Linq;
using Relay.Access;
using Relay.Subscriptions;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Operations;

/// <summary>A request as the operations see it: mail and MIME are behind it.</summary>
internal sealed record OperationRequest
{
    public required Principal Principal { get; init; }

    /// <summary>The service's address that the request was mailed to; answers and notifications come from it.</summary>
    public required MailAddress Service { get; init; }

    public required SoapEnvelope Envelope { get; init; }

    /// <summary>The body's first child.</summary>
    public required XElement Body { get; init; }

    /// <summary>Where the answer goes; the principal may use it.</summary>
    public required MailAddress AnswerTo { get; init; }

    /// <summary>The id that the answer refers to.</summary>
    public required string RequestId { get; init; }

    /// <summary>How further answers to the request are mailed; null when nobody wants any.</summary>
    public ReplyFrame? Reply { get; init; }

    /// <summary>The id that the request answers, if it is a reply; raw.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>When the mail was accepted: leases are measured by it, not by when we came round to it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
