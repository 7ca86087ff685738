using System.Diagnostics.Metrics;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>What the front door counts.</summary>
internal sealed class InboundMeters
{
    private readonly Meter _meter;
    private readonly Counter<long> _mails;
    private readonly Counter<long> _recipients;

    public InboundMeters(IMeterFactory factory)
    {
        _meter = factory.Create("Relay.Inbound");
        _mails = _meter.CreateCounter<long>("relay.mails.received", description: "Mails whose final dot was answered, by reply code");
        _recipients = _meter.CreateCounter<long>("relay.recipients.refused", description: "Recipients refused in the dialogue, by reply code");
    }

    public void Mail(SmtpReply reply) => _mails.Add(1, Code(reply));

    public void Recipient(SmtpReply reply)
    {
        if (reply.Code >= 400)
        {
            _recipients.Add(1, Code(reply));
        }
    }

    public void Sessions(Func<int> count) =>
        _meter.CreateObservableGauge("relay.smtp.sessions", () => (long)count(), description: "SMTP sessions just now");

    private static KeyValuePair<string, object?> Code(SmtpReply reply) => new("code", reply.Code);
}
