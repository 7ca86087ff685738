using System.Xml.Linq;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Harness;

/// <summary>SOAP and EWS as text, written and read without the product's code.</summary>
internal static class Soap
{
    internal static readonly XNamespace Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    internal static readonly XNamespace Soap12 = "http://www.w3.org/2003/05/soap-envelope";
    internal static readonly XNamespace Messages = "http://schemas.microsoft.com/exchange/services/2006/messages";
    internal static readonly XNamespace Types = "http://schemas.microsoft.com/exchange/services/2006/types";
    internal static readonly XNamespace Errors = "http://schemas.microsoft.com/exchange/services/2006/errors";

    /// <summary>An envelope around a body; prefixes m and t are declared.</summary>
    internal static string Envelope(string body, XNamespace? version = null) => $"""
        <?xml version="1.0" encoding="utf-8"?>
        <soap:Envelope xmlns:soap="{version ?? Soap11}" xmlns:m="{Messages}" xmlns:t="{Types}">
        <soap:Body>{body}</soap:Body></soap:Envelope>
        """;

    internal static string Inbox(string mailbox) =>
        $"<t:DistinguishedFolderId Id=\"inbox\"><t:Mailbox><t:EmailAddress>{mailbox}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>";

    internal static string PushSubscribe(string mailbox, string subscriber, string events = "CreatedEvent", string watermark = "") => $"""
        <m:Subscribe><m:PushSubscriptionRequest>
        <t:FolderIds>{Inbox(mailbox)}</t:FolderIds>
        <t:EventTypes>{EventTypes(events)}</t:EventTypes>{Optional("Watermark", watermark)}
        <t:StatusFrequency>30</t:StatusFrequency><t:URL>mailto:{subscriber}</t:URL>
        </m:PushSubscriptionRequest></m:Subscribe>
        """;

    internal static string PullSubscribe(string mailbox, string events = "CreatedEvent") => $"""
        <m:Subscribe><m:PullSubscriptionRequest>
        <t:FolderIds>{Inbox(mailbox)}</t:FolderIds>
        <t:EventTypes>{EventTypes(events)}</t:EventTypes><t:Timeout>30</t:Timeout>
        </m:PullSubscriptionRequest></m:Subscribe>
        """;

    internal static string GetEvents(string subscriptionId, string watermark) =>
        $"<m:GetEvents><m:SubscriptionId>{subscriptionId}</m:SubscriptionId><m:Watermark>{watermark}</m:Watermark></m:GetEvents>";

    internal static string Unsubscribe(string subscriptionId) =>
        $"<m:Unsubscribe><m:SubscriptionId>{subscriptionId}</m:SubscriptionId></m:Unsubscribe>";

    internal static string GetMonth(int year, int month) =>
        $"<c:getMonth xmlns:c=\"urn:example:calendar\"><year>{year}</year><month>{month}</month></c:getMonth>";

    /// <summary>A mail that holds an envelope as its only part.</summary>
    internal static string Mail(string from, string to, string? id, string envelope, string contentType = "text/xml; charset=utf-8") => $"""
        From: {from}
        To: {to}
        Subject: A request
        {(id is null ? "X-Test: no id" : $"Message-ID: {id}")}
        MIME-Version: 1.0
        Content-Type: {contentType}

        {envelope}
        """;

    /// <summary>The body's first child of an answer.</summary>
    internal static XElement Body(RecordedMail mail)
    {
        XElement envelope = XElement.Parse(mail.BodyText);
        return envelope.Element(envelope.Name.Namespace + "Body")?.Elements().FirstOrDefault()
            ?? throw new InvalidOperationException($"No SOAP body: {mail.BodyText}");
    }

    /// <summary>The text of the first element of that local name; null without one.</summary>
    internal static string? Value(this XElement element, string localName) =>
        element.DescendantsAndSelf().FirstOrDefault(child => child.Name.LocalName == localName)?.Value;

    /// <summary>Fails with the violations when the answer is not what Exchange's schema allows. Passes where the schema is absent.</summary>
    internal static void AssertValid(RecordedMail mail)
    {
        if (ExchangeSchema.Find() is { } schema)
        {
            IReadOnlyList<string> violations = schema.Violations(mail.BodyText);
            Assert.True(violations.Count == 0, $"{string.Join('\n', violations)}\n{mail.BodyText}");
        }
    }

    private static string EventTypes(string events) =>
        string.Concat(events.Split(' ').Select(type => $"<t:EventType>{type}</t:EventType>"));

    private static string Optional(string name, string value) => value.Length == 0 ? "" : $"<t:{name}>{value}</t:{name}>";
}
