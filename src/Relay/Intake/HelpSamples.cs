using System.Globalization;
using System.Security;
using Relay.Access;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>Requests that work when they are copied as they stand.</summary>
internal sealed class HelpSamples(TimeProvider time)
{
    private const string SomeMailbox = "ann@corp.example";

    /// <summary>A sentence and an envelope, the addresses filled in.</summary>
    public string For(ServiceAddress service, MailAddress asker, SubscriberEntry? entry) => service.Kind switch
    {
        ServiceKind.Ews => Subscribe(service, asker, MailboxFor(asker, entry)),
        ServiceKind.Calendar => GetMonth(service),
        _ => "",
    };

    private static string MailboxFor(MailAddress asker, SubscriberEntry? entry) =>
        entry?.DefaultMailbox
        ?? (entry?.MayWatch(asker.ToString()) == true ? asker.ToString() : null)
        ?? entry?.Mailboxes.Select(pattern => pattern.Text).FirstOrDefault(text => !text.Contains('*', StringComparison.Ordinal))
        ?? SomeMailbox;

    private static string Subscribe(ServiceAddress service, MailAddress asker, string mailbox) =>
        $"""
        To be told by mail of new mail in the inbox of {mailbox}, send this to {service.Address}:

        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
            xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
            xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Body>
            <m:Subscribe><m:PushSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id="inbox"><t:Mailbox>
            <t:EmailAddress>{SecurityElement.Escape(mailbox)}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></t:FolderIds>
            <t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>
            <t:StatusFrequency>60</t:StatusFrequency><t:URL>{SecurityElement.Escape(MailtoUri.Format(asker))}</t:URL>
            </m:PushSubscriptionRequest></m:Subscribe></s:Body></s:Envelope>

        """;

    private string GetMonth(ServiceAddress service) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        For a page of the calendar, send this to {service.Address}:

        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
            <getMonth><year>{time.GetUtcNow().Year}</year><month>{time.GetUtcNow().Month}</month></getMonth></s:Body></s:Envelope>

        """);
}
