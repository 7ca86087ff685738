using Relay.Wire.Ews;

namespace Relay.Wire.Tests.Ews;

public sealed class EwsSchemaTests
{
    private const string Folders = "<t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></t:FolderIds>";
    private const string Types = "<t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>";
    private const string FullShape = "<t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent><t:BodyType>Text</t:BodyType>"
        + "<t:AdditionalProperties><t:FieldURI FieldURI=\"item:Subject\"/><t:ExtendedFieldURI PropertyTag=\"0x1000\" PropertyType=\"String\"/></t:AdditionalProperties>";

    private const string T = "http://schemas.microsoft.com/exchange/services/2006/types";

    public static TheoryData<string, string> Valid => new()
    {
        { "pull", Pull($"{Folders}{Types}<t:Timeout>10</t:Timeout>") },
        { "pull with watermark", Pull($"{Folders}{Types}<t:Watermark>AAAA</t:Watermark><t:Timeout>1440</t:Timeout>") },
        { "blanks around a number are the schema's", Pull($"{Folders}{Types}<t:Timeout> 5 </t:Timeout>") },
        { "neither folders nor all folders is not the schema's business", Pull($"{Types}<t:Timeout>5</t:Timeout>") },
        { "push to a mailto URL", Push($"{Folders}{Types}<t:StatusFrequency>1</t:StatusFrequency><t:URL>mailto:a@b</t:URL>") },
        { "push with caller data", Push($"{Folders}{Types}<t:StatusFrequency>1</t:StatusFrequency><t:URL/><t:CallerData/>") },
        {
            "all folders, written 1", Body("<m:Subscribe><m:StreamingSubscriptionRequest SubscribeToAllFolders=\"1\">"
                + Types + "</m:StreamingSubscriptionRequest></m:Subscribe>")
        },
        {
            "another's folder, as exchangelib names it", Pull("<t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"><t:Mailbox>"
                + "<t:EmailAddress>a@b</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType>"
                + $"</t:Mailbox></t:DistinguishedFolderId></t:FolderIds>{Types}<t:Timeout>5</t:Timeout>")
        },
        { "a blank id", Body("<m:Unsubscribe><m:SubscriptionId> </m:SubscriptionId></m:Unsubscribe>") },
        {
            "streaming", Body("<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>S</t:SubscriptionId></m:SubscriptionIds>"
                + "<m:ConnectionTimeout>30</m:ConnectionTimeout></m:GetStreamingEvents>")
        },
        { "an item with all that a shape has", Body($"<m:GetItem><m:ItemShape>{FullShape}</m:ItemShape><m:ItemIds><t:ItemId Id=\"A\" ChangeKey=\"B\"/></m:ItemIds></m:GetItem>") },
        { "folders", Body($"<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>{Folders.Replace("t:FolderIds", "m:FolderIds", StringComparison.Ordinal)}</m:GetFolder>") },
        {
            "a search with a view, a restriction and an order", Body("<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>"
                + "<m:IndexedPageItemView MaxEntriesReturned=\"10\" Offset=\"0\" BasePoint=\"Beginning\"/><m:Restriction><t:Contains ContainmentMode=\"Substring\">"
                + "<t:FieldURI FieldURI=\"item:Subject\"/><t:Constant Value=\"Order\"/></t:Contains></m:Restriction><m:SortOrder><t:FieldOrder Order=\"Ascending\">"
                + "<t:FieldURI FieldURI=\"item:Subject\"/></t:FieldOrder></m:SortOrder>"
                + Folders.Replace("t:FolderIds", "m:ParentFolderIds", StringComparison.Ordinal) + "</m:FindItem>")
        },
        {
            "changes of items", Body("<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId><t:FolderId Id=\"A\"/></m:SyncFolderId>"
                + "<m:SyncState>AAAA</m:SyncState><m:Ignore><t:ItemId Id=\"A\"/></m:Ignore><m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>")
        },
        { "attachments", Body("<m:GetAttachment><m:AttachmentShape/><m:AttachmentIds><t:AttachmentId Id=\"A\"/></m:AttachmentIds></m:GetAttachment>") },
        {
            "default namespace", Body("<SendNotificationResult xmlns=\"http://schemas.microsoft.com/exchange/services/2006/messages\">"
                + "<SubscriptionStatus>Unsubscribe</SubscriptionStatus></SendNotificationResult>")
        },
    };

    public static TheoryData<string, string> Invalid => new()
    {
        { "StatusFrequency is required, whatever the page says", Push($"{Folders}{Types}<t:URL>http://a/</t:URL>") },
        { "Timeout is required", Pull(Folders + Types) },
        { "one day at most", Pull($"{Folders}{Types}<t:Timeout>1441</t:Timeout>") },
        { "one minute at least", Pull($"{Folders}{Types}<t:Timeout>0</t:Timeout>") },
        { "a StatusEvent cannot be asked for", Pull(Folders + Types.Replace("NewMail", "Status", StringComparison.Ordinal) + "<t:Timeout>1</t:Timeout>") },
        { "a folder name of another version", Pull($"{Folders.Replace("inbox", "workingset", StringComparison.Ordinal)}{Types}<t:Timeout>1</t:Timeout>") },
        { "an id is missing", Pull($"{Folders.Replace("Id=\"inbox\"", "", StringComparison.Ordinal)}{Types}<t:Timeout>1</t:Timeout>") },
        { "the order counts", Pull($"{Types}{Folders}<t:Timeout>1</t:Timeout>") },
        { "exchangelib's watermark is in the wrong namespace", Pull($"{Folders}{Types}<m:Watermark>A</m:Watermark><t:Timeout>1</t:Timeout>") },
        { "the request element is a message", Body($"<m:Subscribe><t:PullSubscriptionRequest>{Folders}{Types}</t:PullSubscriptionRequest></m:Subscribe>") },
        { "an empty Subscribe", Body("<m:Subscribe/>") },
        { "no watermark", Body("<m:GetEvents><m:SubscriptionId>S</m:SubscriptionId></m:GetEvents>") },
        { "an empty id", Body("<m:Unsubscribe><m:SubscriptionId/></m:Unsubscribe>") },
        {
            "Microsoft's own sample has the ids in the wrong namespace", Body("<m:GetStreamingEvents><m:SubscriptionIds>"
                + "<m:SubscriptionId>S</m:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>10</m:ConnectionTimeout></m:GetStreamingEvents>")
        },
        {
            "exchangelib lets 45 minutes pass", Body("<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>S</t:SubscriptionId>"
                + "</m:SubscriptionIds><m:ConnectionTimeout>45</m:ConnectionTimeout></m:GetStreamingEvents>")
        },
        { "an item without a shape", Body("<m:GetItem><m:ItemIds><t:ItemId Id=\"A\"/></m:ItemIds></m:GetItem>") },
        { "a shape that is none", Body("<m:GetItem><m:ItemShape><t:BaseShape>Everything</t:BaseShape></m:ItemShape><m:ItemIds><t:ItemId Id=\"A\"/></m:ItemIds></m:GetItem>") },
        { "a search without a traversal", Body("<m:FindItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape></m:FindItem>") },
        {
            "more changes than 512", Body("<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId><t:FolderId Id=\"A\"/></m:SyncFolderId>"
                + "<m:MaxChangesReturned>513</m:MaxChangesReturned></m:SyncFolderItems>")
        },
        { "an attachment without an id", Body("<m:GetAttachment><m:AttachmentIds><t:AttachmentId/></m:AttachmentIds></m:GetAttachment>") },
        { "case counts", Body("<m:SendNotificationResult><m:SubscriptionStatus>UNSUBSCRIBE</m:SubscriptionStatus></m:SendNotificationResult>") },
        { "a version that never was", Body("<m:Unsubscribe><m:SubscriptionId>S</m:SubscriptionId></m:Unsubscribe>", "<t:RequestServerVersion Version=\"Exchange3000\"/>") },
        {
            "one way of naming the mailbox", Body("<m:Unsubscribe><m:SubscriptionId>S</m:SubscriptionId></m:Unsubscribe>",
                "<t:ExchangeImpersonation><t:ConnectingSID/></t:ExchangeImpersonation>")
        },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void What_the_published_schema_allows_is_allowed(string why, string envelope)
    {
        Assert.True(EwsSchema.Validate(envelope) is null, why);
        Assert.Null(Published.SchemaOrSkip().Validate(envelope));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_the_published_schema_refuses_is_refused_in_the_same_words_at_the_same_place(string why, string envelope)
    {
        var own = EwsSchema.Validate(envelope);
        Assert.True(own is not null, why);
        Assert.Equal(Published.SchemaOrSkip().Validate(envelope), own);
    }

    [Fact]
    public void A_violation_bears_the_words_that_people_search_for()
    {
        var violation = EwsSchema.Validate(Pull($"{Folders.Replace("inbox", "workingset", StringComparison.Ordinal)}{Types}<t:Timeout>1</t:Timeout>"));
        Assert.Equal(
            new SchemaViolation(
                $"The 'Id' attribute is invalid - The value 'workingset' is invalid according to its datatype '{T}:DistinguishedFolderIdNameType'"
                + " - The Enumeration constraint failed.",
                4,
                87),
            violation);
    }

    [Fact]
    public void An_operation_that_the_small_schema_does_not_know_passes() => Assert.Null(EwsSchema.Validate(Body("<m:NoSuchThing/>")));

    [Fact]
    public void Every_request_of_a_real_client_passes()
    {
        var requests = Directory.GetFiles(Published.SamplesOrSkip(), "gromox-exchangelib-*-request.xml");
        Assert.NotEmpty(requests);
        Assert.All(requests, file => Assert.Null(EwsSchema.Validate(File.ReadAllText(file))));
    }

    internal static string Body(string body, string header = "<t:RequestServerVersion Version=\"Exchange2013_SP1\"/>") =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <s:Envelope xmlns:s="{EwsNames.SoapUri}" xmlns:m="{EwsNames.MessagesUri}" xmlns:t="{EwsNames.TypesUri}"><s:Header>
        {header}</s:Header>
        <s:Body>{body}</s:Body></s:Envelope>
        """;

    private static string Pull(string content) =>
        Body($"<m:Subscribe><m:PullSubscriptionRequest>{content}</m:PullSubscriptionRequest></m:Subscribe>");

    private static string Push(string content) =>
        Body($"<m:Subscribe><m:PushSubscriptionRequest>{content}</m:PushSubscriptionRequest></m:Subscribe>");
}
