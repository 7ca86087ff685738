using System.Collections.Concurrent;
using Relay.Access;
using Relay.Operations;
using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>
/// What a person who writes to a service is told: how a request looks. Once an hour for each sender, so that two robots which greet
/// each other soon fall silent.
/// </summary>
internal sealed class HelpTexts(OperationCatalog catalog, TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _helped = new(StringComparer.OrdinalIgnoreCase);

    public bool MayHelp(MailAddress sender)
    {
        var now = time.GetUtcNow();
        if (_helped.Count >= MostRemembered)
        {
            foreach (var (address, _) in _helped.Where(entry => now - entry.Value > Interval))
            {
                _helped.TryRemove(address, out _);
            }
        }

        string key = sender.ToString();
        if (_helped.Count >= MostRemembered || (_helped.TryGetValue(key, out var last) && now - last <= Interval))
        {
            return false;
        }

        _helped[key] = now;
        return true;
    }

    public string TextFor(ServiceAddress service) =>
        $"""
        {service.Address} is a program. It answers SOAP requests that come as mail, and your mail held none.

        A request is a SOAP 1.1 or 1.2 envelope in one part of the mail; the first child of its body names the operation.
        This service knows: {string.Join(", ", catalog.NamesOf(service.Kind))}.

        In Python:

          import smtplib
          from email.mime.text import MIMEText
          mail = MIMEText('''{Sample(service.Kind)}''', 'xml')
          mail['From'], mail['To'], mail['Message-ID'] = 'you@example.org', '{service.Address}', '<1@example.org>'
          smtplib.SMTP('the.relay.example', 25).send_message(mail)

        The answer's In-Reply-To is the Message-ID of your request.

        """.ReplaceLineEndings("\r\n");

    private static string Sample(ServiceKind kind) => kind switch
    {
        ServiceKind.Calendar => """
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
                <getMonth><year>2026</year><month>11</month></getMonth></s:Body></s:Envelope>
            """,
        ServiceKind.Ews => """
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
                xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
                xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Body>
                <m:Subscribe><m:PushSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id="inbox"><t:Mailbox>
                <t:EmailAddress>ann@corp.example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></t:FolderIds>
                <t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>
                <t:StatusFrequency>60</t:StatusFrequency><t:URL>mailto:you@example.org</t:URL>
                </m:PushSubscriptionRequest></m:Subscribe></s:Body></s:Envelope>
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
