namespace Relay.Tests.Gateway;

/// <summary>Request mails and bodies.</summary>
internal static class Mails
{
    public const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    public const string Soap12 = "http://www.w3.org/2003/05/soap-envelope";

    public const string GetMonth = "<getMonth><year>2026</year><month>11</month></getMonth>";

    private const string Namespaces =
        "xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\" xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\"";

    public static string Envelope(string body, string soap = Soap11, string header = "") =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"{soap}\" {Namespaces}>{header}<s:Body>{body}</s:Body></s:Envelope>";

    public static string Request(string body, string? id, string soap = Soap11, string header = "", string fields = "", string type = "text/xml; charset=utf-8") =>
        Mail(Envelope(body, soap, header), id, fields, type);

    public static string Mail(string content, string? id, string fields = "", string? type = "text/xml; charset=utf-8") =>
        "From: app@branch.example\nTo: ews@localhost\nSubject: Test\n"
        + (id is null ? "" : $"Message-ID: <{id}>\n")
        + fields
        + (type is null ? "" : $"MIME-Version: 1.0\nContent-Type: {type}\n")
        + "\n" + content + "\n";

    public static string Folders(string folder = "inbox", string mailbox = "ann@corp.example") =>
        $"<t:FolderIds><t:DistinguishedFolderId Id=\"{folder}\"><t:Mailbox><t:EmailAddress>{mailbox}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></t:FolderIds>";

    public static string Push(string events = "NewMailEvent", string url = "", string? folders = null, string period = "<t:StatusFrequency>30</t:StatusFrequency>", string watermark = "") =>
        $"<m:Subscribe><m:PushSubscriptionRequest>{folders ?? Folders()}{Types(events)}{watermark}{period}<t:URL>{url}</t:URL></m:PushSubscriptionRequest></m:Subscribe>";

    public static string Pull(string events = "NewMailEvent", string? folders = null, string period = "<t:Timeout>10</t:Timeout>", string watermark = "") =>
        $"<m:Subscribe><m:PullSubscriptionRequest>{folders ?? Folders()}{Types(events)}{watermark}{period}</m:PullSubscriptionRequest></m:Subscribe>";

    public static string Streaming(string events = "NewMailEvent", string? folders = null) =>
        $"<m:Subscribe><m:StreamingSubscriptionRequest>{folders ?? Folders()}{Types(events)}</m:StreamingSubscriptionRequest></m:Subscribe>";

    public static string GetStreamingEvents(int minutes, params IEnumerable<string> ids) =>
        $"<m:GetStreamingEvents><m:SubscriptionIds>{string.Concat(ids.Select(id => $"<t:SubscriptionId>{id}</t:SubscriptionId>"))}</m:SubscriptionIds>"
        + $"<m:ConnectionTimeout>{minutes}</m:ConnectionTimeout></m:GetStreamingEvents>";

    public static string GetEvents(string id, string watermark) =>
        $"<m:GetEvents><m:SubscriptionId>{id}</m:SubscriptionId><m:Watermark>{watermark}</m:Watermark></m:GetEvents>";

    public static string Unsubscribe(string id) => $"<m:Unsubscribe><m:SubscriptionId>{id}</m:SubscriptionId></m:Unsubscribe>";

    public static string Result(string status = "OK") =>
        $"<m:SendNotificationResult><m:SubscriptionStatus>{status}</m:SubscriptionStatus></m:SendNotificationResult>";

    private static string Types(string events) =>
        $"<t:EventTypes>{string.Concat(events.Split(' ').Select(e => $"<t:EventType>{e}</t:EventType>"))}</t:EventTypes>";
}
