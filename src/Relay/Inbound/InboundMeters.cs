using System.Diagnostics.Metrics;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>What the front door counts.</summary>
internal sealed class InboundMeters
{
    private readonly Meter _meter;
    private readonly Counter<long> _mails;
    private readonly Counter<long> _recipients;
    private readonly Counter<long> _overRate;

    public InboundMeters(IMeterFactory factory)
    {
        _meter = factory.Create("Relay.Inbound");
        _mails = _meter.CreateCounter<long>("relay.mails.received", description: "Mails whose final dot was answered, by reply code");
        _recipients = _meter.CreateCounter<long>("relay.recipients.refused", description: "Recipients refused in the dialogue, by reply code");
        _overRate = _meter.CreateCounter<long>("relay.mails.over_rate", description: "Mails refused at MAIL, as their client or principal had begun too many within a minute");
    }

    public void Mail(SmtpReply reply) => _mails.Add(1, Code(reply));

    public void Recipient(SmtpReply reply)
    {
        if (reply.Code >= 400)
        {
            _recipients.Add(1, Code(reply));
        }
    }

    /// <param name="limit">client or principal.</param>
    public void OverRate(string limit) => _overRate.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void Sessions(Func<int> count) =>
        _meter.CreateObservableGauge("relay.smtp.sessions", () => (long)count(), description: "SMTP sessions just now");

    private static KeyValuePair<string, object?> Code(SmtpReply reply) => new("code", reply.Code);
}
