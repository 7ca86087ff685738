using Relay.TestKit;

namespace Relay.Tests.Gateway;

/// <summary>What a subscriber can do wrong, and the code and text with which Exchange says so.</summary>
public sealed class ErrorTableTests : IAsyncLifetime
{
    private const string NotFound = "The specified subscription was not found.";
    private const string NotTheOwner = "Access is denied. Only the subscription owner may access the subscription.";
    private const string BadUrl = "URL specified for push subscription is invalid.";
    private const string BadWatermark = "The watermark is invalid.";
    private const string OneMailbox = "A subscription can only be established on a single public folder or on folders from a single mailbox.";
    private const string Denied = "Access is denied. Check credentials and try again.";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(
            ("Access:Subscribers:0:Address", "*@branch.example"),
            ("Access:Subscribers:0:Networks", "127.0.0.0/8"),
            ("Access:Subscribers:0:Mailboxes", "*@corp.example"));
        Assert.Equal("NoError", (await _gateway.AskAsync(Mails.Pull(), "own@branch.example")).Value("ResponseCode"));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    /// <summary>ID and WATERMARK stand for those of a subscription of app@branch.example.</summary>
    public static TheoryData<string, string, string, string, string> Messages => new()
    {
        { "GetEvents of nobody's subscription", Mails.GetEvents("bm9uZQ==", "WATERMARK"), "app", "ErrorSubscriptionNotFound", NotFound },
        { "Unsubscribe of nobody's subscription", Mails.Unsubscribe("bm9uZQ=="), "app", "ErrorSubscriptionNotFound", NotFound },
        { "an id that is no base64", Mails.Unsubscribe("!?"), "app", "ErrorSubscriptionNotFound", NotFound },
        { "GetEvents of another's", Mails.GetEvents("ID", "WATERMARK"), "thief", "ErrorSubscriptionAccessDenied", NotTheOwner },
        { "Unsubscribe of another's", Mails.Unsubscribe("ID"), "thief", "ErrorSubscriptionAccessDenied", NotTheOwner },
        { "a watermark that is no base64", Mails.GetEvents("ID", "!?"), "app", "ErrorInvalidWatermark", BadWatermark },
        { "a watermark of real Exchange", Mails.GetEvents("ID", "AQAAAJ6ZVtMAAAAAAAAAAAAAAAAAAAAAAAAAAAE="), "app", "ErrorInvalidWatermark", BadWatermark },
        { "a watermark of another log", Mails.GetEvents("ID", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "app", "ErrorInvalidWatermark", BadWatermark },
        { "a foreign watermark in Subscribe", Mails.Push(watermark: "<t:Watermark>AAAA</t:Watermark>"), "app", "ErrorInvalidWatermark", BadWatermark },
        { "an http URL", Mails.Push(url: "http://evil.example/"), "app", "ErrorInvalidPushSubscriptionUrl", BadUrl },
        { "a URL of two addresses", Mails.Push(url: "mailto:a@branch.example,b@branch.example"), "app", "ErrorInvalidPushSubscriptionUrl", BadUrl },
        { "a URL with a header", Mails.Push(url: "mailto:a@branch.example?bcc=b@branch.example"), "app", "ErrorInvalidPushSubscriptionUrl", BadUrl },
        { "a URL without a domain", Mails.Push(url: "mailto:postmaster"), "app", "ErrorInvalidPushSubscriptionUrl", BadUrl },
        { "a URL with a line end in it", Mails.Push(url: "mailto:a@branch.example%0D%0ABcc:b@branch.example"), "app", "ErrorInvalidPushSubscriptionUrl", BadUrl },
        { "a URL of 2,083 characters", Mails.Push(url: "mailto:a@" + new string('b', 2083)), "app", "ErrorInvalidPushSubscriptionUrl", BadUrl },
        { "notifications to an address that the entry does not have", Mails.Push(url: "mailto:a@other.example"), "app", "ErrorAccessDenied", Denied },
        { "neither folders nor all of them", Mails.Pull(folders: ""), "app", "ErrorInvalidSubscriptionRequest", OneMailbox },
        {
            "folders and all of them",
            Mails.Pull().Replace("<m:PullSubscriptionRequest>", "<m:PullSubscriptionRequest SubscribeToAllFolders=\"true\">", StringComparison.Ordinal),
            "app", "ErrorInvalidSubscriptionRequest", OneMailbox
        },
        {
            "folders of two mailboxes",
            Mails.Pull(folders: (Mails.Folders() + Mails.Folders(mailbox: "bob@corp.example")).Replace("</t:FolderIds><t:FolderIds>", "", StringComparison.Ordinal)),
            "app", "ErrorInvalidSubscriptionRequest", OneMailbox
        },
        { "a mailbox that the entry does not have", Mails.Pull(folders: Mails.Folders(mailbox: "boss@secret.example")), "app", "ErrorAccessDenied", Denied },
        { "no mailbox named, and the sender's address is none", Mails.Pull(folders: "<t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></t:FolderIds>"), "app", "ErrorAccessDenied", Denied },
        { "GetStreamingEvents of a pull subscription", Mails.GetStreamingEvents(1, "ID"), "app", "ErrorInvalidSubscription", "Subscription is invalid." },
        { "GetStreamingEvents of nobody's", Mails.GetStreamingEvents(1, "bm9uZQ=="), "app", "ErrorSubscriptionNotFound", NotFound },
        {
            "GetStreamingEvents of 201 subscriptions", Mails.GetStreamingEvents(1, Enumerable.Range(0, 201).Select(i => $"s{i}")), "app", "ErrorExceededSubscriptionCount",
            "You have exceeded the available subscriptions for your account.  Remove unnecessary subscriptions and try your request again."
        },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task An_error_that_concerns_a_subscription_is_a_response_message(string why, string body, string sender, string code, string text)
    {
        Assert.NotEmpty(why);
        var own = (await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<own@branch.example>", "the subscription"))!;
        string asked = body.Replace(">ID<", $">{own.Value("SubscriptionId")}<", StringComparison.Ordinal).Replace("WATERMARK", own.Value("Watermark"), StringComparison.Ordinal);
        await _gateway.SendAsync(Mails.Request(asked, "1@branch.example").Replace("From: app@", $"From: {sender}@", StringComparison.Ordinal));
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1@branch.example>", "the answer");
        Assert.Equal((code, text, "0"), (answer.Value("ResponseCode"), answer.Value("MessageText"), answer.Value("DescriptiveLinkKey")));
        Assert.Equal("Error", answer.Operation().Descendants().First(e => e.Attribute("ResponseClass") is not null).Attribute("ResponseClass")!.Value);
        if (!body.Contains("GetStreamingEvents", StringComparison.Ordinal))
        {
            Assert.Empty(ExchangeSchema.Find()?.Violations(answer.BodyText) ?? []);
        }
    }

    public static TheoryData<string, string, string, string, string> Faults => new()
    {
        {
            "a missing element", Mails.Pull(period: ""), "", "ErrorSchemaValidation",
            "The element 'PullSubscriptionRequest' in namespace 'http://schemas.microsoft.com/exchange/services/2006/messages' has incomplete content."
        },
        { "a Timeout of 0", Mails.Pull(period: "<t:Timeout>0</t:Timeout>"), "", "ErrorSchemaValidation", "The 'http://schemas.microsoft.com/exchange/services/2006/types:Timeout' element is invalid" },
        { "a StatusFrequency of 1,441", Mails.Push(period: "<t:StatusFrequency>1441</t:StatusFrequency>"), "", "ErrorSchemaValidation", "StatusFrequency' element is invalid" },
        { "a ConnectionTimeout of 31", Mails.GetStreamingEvents(31, "AAAA"), "", "ErrorSchemaValidation", "ConnectionTimeout' element is invalid" },
        { "StatusEvent, which cannot be subscribed to", Mails.Pull("StatusEvent"), "", "ErrorSchemaValidation", "EventType' element is invalid" },
        { "an empty watermark", Mails.GetEvents("AAAA", ""), "", "ErrorSchemaValidation", "Watermark' element is invalid" },
        { "the watermark in the wrong namespace, as one library sends it", Mails.Pull(watermark: "<m:Watermark>AAAA</m:Watermark>"), "", "ErrorSchemaValidation", "has invalid child element 'Watermark'" },
        { "a folder of an unknown name", Mails.Pull(folders: Mails.Folders("workingset")), "", "ErrorSchemaValidation", "The 'Id' attribute is invalid - The value 'workingset' is invalid" },
        { "a status in capitals, as a README has it", Mails.Result("UNSUBSCRIBE"), "", "ErrorSchemaValidation", "SubscriptionStatus' element is invalid" },
        {
            "a server version that nobody knows", Mails.Pull(), "<t:RequestServerVersion Version=\"Exchange1999\"/>", "ErrorInvalidServerVersion",
            "The specified server version is invalid."
        },
        {
            "impersonation by SID, which is no address", Mails.Pull(), "<t:ExchangeImpersonation><t:ConnectingSID><t:SID>S-1-5-21-1-2-3-4</t:SID></t:ConnectingSID></t:ExchangeImpersonation>",
            "ErrorInvalidExchangeImpersonationHeaderData", "An ExchangeImpersonation SOAP header must contain a user principal name, user SID, or primary SMTP address."
        },
        { "an operation that is none", "<m:Frobnicate/>", "", "ErrorInvalidRequest", "The request is invalid." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_error_that_concerns_the_whole_request_is_a_fault(string why, string body, string header, string code, string text)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(Mails.Request(body, "1@branch.example", header: header.Length > 0 ? $"<s:Header>{header}</s:Header>" : ""));
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1@branch.example>", "the fault");
        Assert.Equal("Fault", answer.Operation().Name.LocalName);
        Assert.Equal(code, answer.Value("ResponseCode"));
        Assert.Contains(text, answer.Value("faultstring"), StringComparison.Ordinal);
        Assert.NotNull(answer.Value("Message"));
        Assert.Equal(code == "ErrorSchemaValidation", answer.Value("LineNumber") is not null);
        Assert.Equal(code == "ErrorSchemaValidation", answer.Value("Violation") is not null);
    }
}
