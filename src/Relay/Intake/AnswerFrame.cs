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

    /// <summary>A second id of the request, which References has beside it; null where there is none.</summary>
    public string? AlsoTold { get; init; }

    public SoapVersion Version { get; init; } = SoapVersion.Soap11;

    public SoapLayout Layout { get; init; } = SoapLayout.Flat;

    public required string MediaType { get; init; }

    /// <summary>Packaged as the request was, in application/xop+xml.</summary>
    public bool IsXop { get; init; }

    public WsAddressing Addressing { get; init; } = new();

    /// <summary>Beside the envelope, a text for people.</summary>
    public bool HasNote { get; init; }

    /// <param name="mail">The request.</param>
    /// <param name="reading">What it holds: the answer has its version, layout and media type.</param>
    /// <param name="service">Whom the answer comes from.</param>
    /// <param name="to">Its one recipient.</param>
    /// <param name="entry">What the recipient wants; null where that is not known.</param>
    public static AnswerFrame Of(IncomingMail mail, RequestReading reading, ServiceAddress service, MailAddress to, SubscriberEntry? entry = null)
    {
        var (found, version) = reading switch
        {
            RequestReading.Request request => (request.Mail, request.Envelope.Version),
            RequestReading.Faulty faulty => (faulty.Mail, faulty.Version),
            _ => (null, SoapVersion.Soap11),
        };
        return new AnswerFrame
        {
            Service = service,
            To = to,
            Request = mail.Facts,
            RequestId = mail.RequestId,
            AlsoTold = mail.AlsoTold,
            Version = version,
            Layout = found?.Layout ?? SoapLayout.Flat,
            IsXop = found?.PartMediaType == XopPackage.MediaType,
            MediaType = found is null ? SoapNames.MediaType(version) : MailBinding.AnswerMediaType(found, version),
            HasNote = entry is { ReadablePart: true } && (found?.IsFromMailProgram ?? MailPrograms.Wrote(mail.Headers)),
            Addressing = reading.KnownEnvelope?.Addressing ?? new WsAddressing(),
        };
    }
}
