using Relay.Access;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>Reads a mail to a service and names who it is from. The two belong together: a token covers the envelope, a signature says what may be read.</summary>
internal sealed class RequestIdentity(AccessPolicy access, MimeLimits mimeLimits, SoapLimits soapLimits)
{
    public (RequestReading Reading, Identity? Identity) Of(IncomingMail mail, ServiceAddress service)
    {
        var reading = Read(mail);
        var identity = mail.Evidence is { } evidence ? access.Identify(evidence with { Envelope = Covered(reading) }) : null;
        return (identity?.Signed is { } signed ? Read(mail with { Root = signed }) : reading, identity);

        RequestReading Read(IncomingMail read) => RequestReading.Of(read, service.TakesBarePayload, mimeLimits, soapLimits);
    }

    /// <summary>The same of a mail whose content must not be looked at.</summary>
    public Identity? Of(IncomingMail mail) => mail.Evidence is { } evidence ? access.Identify(evidence) : null;

    private static ReadOnlyMemory<byte>? Covered(RequestReading reading) => reading switch
    {
        RequestReading.Request { Mail: { Attachments.Count: 0 } found } => found.EnvelopeOctets,
        RequestReading.Faulty { Mail: { Attachments.Count: 0 } found } => found.EnvelopeOctets,
        _ => null,
    };
}
