using Relay.EndToEnd.Harness;

namespace Relay.EndToEnd;

/// <summary>Requests that must not succeed. The first column says why the row is there.</summary>
public static class BadRequests
{
    private const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";

    /// <summary>Why, to which service, the envelope, the fault's code (that of Exchange, or of SOAP), a word of its text.</summary>
    public static TheoryData<string, string, string, string, string> Faults => new()
    {
        { "broken XML", "ews", $"<s:Envelope xmlns:s=\"{Soap11}\"><s:Body><a></s:Body></s:Envelope>", "Client", "" },
        { "XML cut short", "ews", $"<s:Envelope xmlns:s=\"{Soap11}\"><s:Body>", "Client", "" },
        { "a DTD", "ews", "<!DOCTYPE a [<!ENTITY x \"y\">]>" + Envelope(Soap.GetMonth(2003, 1)), "Client", "" },
        { "entities that multiply", "ews", "<!DOCTYPE a [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;&a;\">]>" + Envelope("<x>&b;</x>"), "Client", "" },
        { "a processing instruction", "ews", "<?xml-stylesheet href=\"x\"?>" + Envelope(Soap.GetMonth(2003, 1)), "Client", "" },
        { "a processing instruction inside", "ews", Envelope("<?x y?>" + Pull), "Client", "" },
        { "XML that is no SOAP", "ews", "<order xmlns=\"urn:example:orders\"><number>1</number></order>", "Client", "" },
        { "a draft version", "ews", Envelope(Pull).Replace(Soap11, "http://www.w3.org/2001/12/soap-envelope"), "VersionMismatch", "" },
        { "a header that must be understood", "ews", WithHeader("<x xmlns=\"urn:x\" soap:mustUnderstand=\"1\"/>", Pull), "MustUnderstand", "" },
        { "an empty body", "ews", Envelope(""), "Client", "" },
        { "no such operation", "ews", Envelope("<m:Frobnicate/>"), "ErrorInvalidRequest", "Frobnicate" },
        { "the namespace that Microsoft's pages mangled", "ews", Envelope(GetEventsInHttps), "ErrorInvalidRequest", "" },
        { "an element missing", "ews", Envelope(Push).Replace(StatusFrequency, ""), "ErrorSchemaValidation", "StatusFrequency" },
        { "a number out of range", "ews", Envelope(Pull).Replace(">30<", ">1441<"), "ErrorSchemaValidation", "1441" },
        { "an event that cannot be asked for", "ews", Envelope(PullOf("StatusEvent")), "ErrorSchemaValidation", "StatusEvent" },
        { "an element of another namespace", "ews", Envelope(Pull).Replace("t:Timeout", "m:Timeout"), "ErrorSchemaValidation", "Timeout" },
        { "no month", "calendar", Envelope("<getMonth><year>2003</year></getMonth>"), "Client", "month" },
        { "the thirteenth month", "calendar", Envelope(Soap.GetMonth(2003, 13)), "Client", "month" },
        { "no such operation of the calendar", "calendar", Envelope("<getYear/>"), "ErrorInvalidRequest", "getYear" },
    };

    /// <summary>Why, the body, and the codes of which Exchange would give one.</summary>
    public static TheoryData<string, string, string> Errors => new()
    {
        { "no notifications to the web", Push.Replace("mailto:bob@bad.example", "http://listener.example/"), "ErrorInvalidPushSubscriptionUrl" },
        { "no such subscription", Soap.GetEvents("bm9uZQ==", "bm9uZQ=="), "ErrorSubscriptionNotFound" },
        { "ending no such subscription", Soap.Unsubscribe("bm9uZQ=="), "ErrorSubscriptionNotFound" },
        { "a watermark of somebody else", Soap.PushSubscribe("ann@bad.example", "bob@bad.example", watermark: "bm9uZQ=="), "ErrorInvalidWatermark" },
        { "neither folders nor all", PullFrom(""), "ErrorInvalidSubscriptionRequest" },
        { "folders of two mailboxes", PullFrom(Soap.Inbox("ann@bad.example") + Soap.Inbox("cid@bad.example")), "ErrorInvalidSubscriptionRequest" },
        { "no such folder", PullFrom("<t:FolderId Id=\"AAAA\"/>"), "ErrorInvalidIdMalformed ErrorFolderNotFound ErrorItemNotFound" },
    };

    private const string GetEventsInHttps = "<GetEvents xmlns=\"https://schemas.microsoft.com/exchange/services/2006/messages\"/>";

    private const string StatusFrequency = "<t:StatusFrequency>30</t:StatusFrequency>";

    private static string Pull => Soap.PullSubscribe("ann@bad.example");

    private static string Push => Soap.PushSubscribe("ann@bad.example", "bob@bad.example");

    /// <summary>Without the XML declaration, so that something may stand before it.</summary>
    internal static string Envelope(string body) => Soap.Envelope(body).Replace("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", "");

    private static string WithHeader(string block, string body) =>
        Envelope(body).Replace("<soap:Body>", $"<soap:Header>{block}</soap:Header><soap:Body>");

    private static string PullOf(string events) => Soap.PullSubscribe("ann@bad.example", events);

    private static string PullFrom(string folders) => $"""
        <m:Subscribe><m:PullSubscriptionRequest>{(folders.Length == 0 ? "" : $"<t:FolderIds>{folders}</t:FolderIds>")}
        <t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes><t:Timeout>1</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>
        """;
}
