using Relay.Wire.Mime;

namespace Relay.Fuzz.Targets;

/// <summary>Delivery status notifications.</summary>
internal sealed class DsnTarget : IFuzzTarget
{
    private const string Report = """
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: text/plain

        <a@b.example>: host said: 550 5.1.1 no such user (#5.1.1)
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.partner.example
        Original-Envelope-Id: sub-17

        Final-Recipient: rfc822; client@partner.example
        Original-Recipient: rfc822; c@d.example
        Action: failed (x)
        Status: 5.1.1 (bad)
        Diagnostic-Code: smtp; 550 5.1.1
          no such user

        Final-Recipient: utf-8; <e@f.example>
        Action: delayed
        Status: 4.4.1
        --b
        Content-Type: message/rfc822

        Message-ID: <1@gateway.example>

        x
        --b--
        """;

    public string Name => "dsn";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Fuzz.Seeds.Text(Report),
        Fuzz.Seeds.Text(Report.Replace("message/delivery-status", "message/global-delivery-status", StringComparison.Ordinal)),
        Fuzz.Seeds.Text("Hi. This is the qmail-send program.\n\n<a@b.example>:\nSorry. (#5.1.1)\n"),
    ];

    public IReadOnlyList<string> Words { get; } =
        ["\r\n\r\n", "Final-Recipient: rfc822; ", "Action: ", "Status: ", "5.1.1", "4.999.999", "550 ", "message/delivery-status", "--b\r\n", ";", "(", "\r\n "];

    public string Read(byte[] input)
    {
        if (MimeReader.Read(input, MimeLimits.Default) is not MimeReadResult.Read(var mail))
        {
            return "refused";
        }

        if (DeliveryStatusNotification.Read(mail, MimeLimits.Default) is not { } read)
        {
            return "no report";
        }

        Promise.Holds(read.Recipients.Count is > 0 and <= 100, "there are recipients, and not too many");
        Promise.Holds(read.Recipients.All(r => r.Diagnostic is null || !r.Diagnostic.AsSpan().ContainsAny('\r', '\n', '\0')), "a diagnostic is one line");
        return read.Recipients.Any(r => r is { FinalRecipient: not null, Status: not null }) ? "report of an address" : "report";
    }
}
