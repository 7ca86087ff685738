using System.Xml.Linq;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>What a mail to a service holds.</summary>
/// <param name="Facts">Of its header.</param>
internal abstract record RequestReading(MailFacts Facts)
{
    /// <summary>A SOAP message with an operation.</summary>
    public sealed record Request(SoapMailRequest Mail, SoapEnvelope Envelope, XElement Body) : RequestReading(Mail);

    /// <summary>Something that is answered with a fault.</summary>
    public sealed record Faulty(MailFacts Facts, SoapMailRequest? Mail, SoapFault Fault, SoapVersion Version, SoapEnvelope? Envelope) : RequestReading(Facts);

    /// <summary>No XML: a person's mail.</summary>
    public sealed record NoXml(MailFacts Facts) : RequestReading(Facts);

    /// <summary>The envelope as far as it could be read, or null.</summary>
    public SoapEnvelope? KnownEnvelope => this switch
    {
        Request request => request.Envelope,
        Faulty faulty => faulty.Envelope,
        _ => null,
    };

    /// <param name="mail">The mail.</param>
    /// <param name="takesBarePayload">Whether XML without an envelope is a request too.</param>
    /// <param name="mimeLimits">What decoding may cost.</param>
    /// <param name="soapLimits">What the XML may cost.</param>
    public static RequestReading Of(IncomingMail mail, bool takesBarePayload, MimeLimits mimeLimits, SoapLimits soapLimits)
    {
        if (mail.Root is null)
        {
            return Refuse(mail.Facts, $"The mail cannot be read: {mail.Fault?.Sentence}");
        }

        return MailBinding.Read(mail.Root, mimeLimits) switch
        {
            SoapMailReadResult.Found found => Of(found.Request, takesBarePayload, mimeLimits, soapLimits),
            SoapMailReadResult.NotSoap notSoap => Of(notSoap.Request, takesBarePayload, mimeLimits, soapLimits),
            SoapMailReadResult.NoXml noXml => new NoXml(noXml.Facts),
            SoapMailReadResult.Ambiguous two => Refuse(
                two.Facts, $"The mail holds two SOAP envelopes, {two.First} and {two.Second}, and nothing says which is meant."),
            SoapMailReadResult.Unreadable unreadable => Refuse(
                unreadable.Facts, $"The part that should hold the SOAP envelope cannot be read: {unreadable.Fault.Sentence}"),
            _ => throw new InvalidOperationException("The cases of SoapMailReadResult are closed."),
        };
    }

    private static RequestReading Of(SoapMailRequest mail, bool takesBarePayload, MimeLimits mimeLimits, SoapLimits limits) => SoapReader.Read(mail, limits, mimeLimits) switch
    {
        SoapReadResult.NotSoap { Payload: var payload } when takesBarePayload =>
            new Request(mail, SoapReader.Wrap(payload, SoapVersion.Soap11), payload),
        SoapReadResult.Faulted faulted => new Faulty(mail, mail, faulted.Fault, faulted.Version, faulted.Envelope),
        SoapReadResult.NotSoap => new Faulty(
            mail, mail, SoapFaults.Client("The mail holds XML, but no SOAP envelope."), SoapVersion.Soap11, null),
        SoapReadResult.Read { Envelope: var envelope } when envelope.Addressing.ActionConflict(mail.DeclaredAction) is { } conflict =>
            new Faulty(mail, mail, conflict, envelope.Version, envelope),
        SoapReadResult.Read { Envelope: var envelope } when envelope.Addressing.Fault is { } fault =>
            new Faulty(mail, mail, fault, envelope.Version, envelope),
        SoapReadResult.Read { Envelope: { Body: { } body } envelope } => new Request(mail, envelope, body),
        SoapReadResult.Read { Envelope: var envelope } => new Faulty(
            mail, mail, SoapFaults.Client("The SOAP body is empty, so it names no operation."), envelope.Version, envelope),
        _ => throw new InvalidOperationException("The cases of SoapReadResult are closed."),
    };

    private static Faulty Refuse(MailFacts facts, string sentence) =>
        new(facts, null, SoapFaults.Client(sentence), SoapVersion.Soap11, null);
}
