using System.Text;
using System.Xml.Linq;
using Relay.ExchangeSimulator;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Ews;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Tests.Gateway;

/// <summary>GetItem, GetFolder, FindItem, SyncFolderItems and GetAttachment by mail: passed on to Exchange for those who may.</summary>
public sealed class MailboxTests : IAsyncLifetime
{
    private const string Ann = "ann@corp.example";
    private const string Bob = "bob@corp.example";

    private TestGateway _gateway = null!;
    private int _asked;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_subscriber_who_learns_of_an_item_fetches_it_the_same_way()
    {
        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        await _gateway.StreamingAsync();
        _gateway.Exchange.DeliverMail(Ann, "Order 1", "shop@web.example", "Two dozen, please.");
        var told = await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "a notification");
        string id = told.Events().Single().Elements().Single(child => child.Name.LocalName == "ItemId").Attribute("Id")!.Value;
        var answer = await AskAsync(GetItem(id));
        Assert.Equal("GetItemResponse", answer.Operation().Name.LocalName);
        Assert.Equal("NoError", answer.Value("ResponseCode"));
        Assert.Equal("Order 1", answer.Value("Subject"));
        Assert.Equal("Two dozen, please.", answer.Envelope().Descendants(EwsNames.Types + "Body").Single().Value);
    }

    [Fact]
    public async Task Folders_searches_states_and_attachments_are_told_and_all_of_it_is_valid()
    {
        var item = _gateway.Exchange.DeliverMail(Ann, "Order 1", "shop@web.example");
        item = _gateway.Exchange.AttachFile(item, "order.bin", [0, 1, 2, 255]);
        var folder = await AskAsync($"<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>{Inbox("FolderIds")}</m:GetFolder>");
        Assert.Equal("1", folder.Value("TotalCount"));
        var found = await AskAsync(
            $"<m:FindItem Traversal='Shallow'>{Shape()}<m:IndexedPageItemView MaxEntriesReturned='10' Offset='0' BasePoint='Beginning'/>{Inbox("ParentFolderIds")}</m:FindItem>");
        Assert.Equal(item.Id, Ids(found).Single());
        var synced = await AskAsync($"<m:SyncFolderItems>{Shape()}{Inbox("SyncFolderId")}<m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>");
        Assert.Equal(item.Id, Ids(synced).Single());
        Assert.NotNull(synced.Value("SyncState"));
        var properties = await AskAsync(GetItem(item.Id, "<t:BaseShape>AllProperties</t:BaseShape>"));
        string attachment = properties.Envelope().Descendants(EwsNames.Types + "AttachmentId").Single().Attribute("Id")!.Value;
        var file = await AskAsync($"<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id='{attachment}'/></m:AttachmentIds></m:GetAttachment>");
        Assert.Equal("AAEC/w==", file.Value("Content"));
        var missing = await AskAsync(GetItem(item.Id + "AAAA"));
        Assert.StartsWith("Error", missing.Value("ResponseCode"), StringComparison.Ordinal);
        if (ExchangeSchema.Find() is { } schema)
        {
            Assert.All(new[] { folder, found, synced, properties, file, missing }, mail => Assert.Empty(schema.Violations(mail.BodyText)));
        }
    }

    [Fact]
    public async Task Items_and_folders_of_another_mailbox_are_refused_whatever_the_account_may_read()
    {
        await OnlyAnnAsync();
        var own = _gateway.Exchange.DeliverMail(Ann, "Own", "shop@web.example");
        var foreign = _gateway.Exchange.DeliverMail(Bob, "Foreign", "shop@web.example");
        string foreignInbox = _gateway.Exchange.EventsOf(Bob)[0].ParentFolder.Id;
        var answer = await AskAsync(GetItem(foreign.Id, own.Id, "none" + own.Id));
        Assert.Equal(
            ["ErrorAccessDenied", "NoError", "ErrorItemNotFound"],
            answer.Envelope().Descendants(EwsNames.Messages + "ResponseCode").Select(code => code.Value));
        Assert.Equal("Own", answer.Value("Subject"));
        Assert.DoesNotContain("Foreign", answer.BodyText, StringComparison.Ordinal);

        string[] requests =
        [
            $"<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds><t:FolderId Id='{foreignInbox}'/></m:FolderIds></m:GetFolder>",
            $"<m:FindItem Traversal='Shallow'>{Shape()}<m:ParentFolderIds><t:FolderId Id='{foreignInbox}'/></m:ParentFolderIds></m:FindItem>",
            $"<m:SyncFolderItems>{Shape()}<m:SyncFolderId><t:FolderId Id='{foreignInbox}'/></m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>",
            $"<m:FindItem Traversal='Shallow'>{Shape()}{Inbox("ParentFolderIds", Bob)}</m:FindItem>",
            $"<m:FindItem Traversal='Shallow'>{Shape()}{Inbox("ParentFolderIds").Replace("inbox", "publicfoldersroot", StringComparison.Ordinal)}</m:FindItem>",
            GetItem(foreign.Id),
        ];
        foreach (string request in requests)
        {
            var refused = await AskAsync(request);
            Assert.Equal("ErrorAccessDenied", refused.Value("ResponseCode"));
            Assert.Empty(refused.Envelope().Descendants(EwsNames.Types + "Subject"));
            if (ExchangeSchema.Find() is { } schema)
            {
                Assert.Empty(schema.Violations(refused.BodyText));
            }
        }
    }

    [Fact]
    public async Task A_folder_that_names_no_mailbox_is_the_one_of_the_mailbox_meant()
    {
        await OnlyAnnAsync();
        _gateway.Exchange.DeliverMail(Ann, "Own", "shop@web.example");
        var found = await AskAsync(
            $"<m:FindItem Traversal='Shallow'>{Shape("Default")}<m:ParentFolderIds><t:DistinguishedFolderId Id='inbox'/></m:ParentFolderIds></m:FindItem>");
        Assert.Equal("Own", found.Value("Subject"));
    }

    [Fact]
    public async Task Without_acting_as_the_owner_items_are_judged_and_attachments_whose_item_is_not_told_are_refused()
    {
        await _gateway.RestartAsync(("Exchange:Impersonate", "false"), ("Exchange:Mode", "Pull"));
        await OnlyAnnAsync();
        var own = _gateway.Exchange.AttachFile(_gateway.Exchange.DeliverMail(Ann, "Own", "shop@web.example"), "a", [1]);
        var foreign = _gateway.Exchange.AttachFile(_gateway.Exchange.DeliverMail(Bob, "Foreign", "shop@web.example"), "b", [2]);
        var answer = await AskAsync(GetItem(foreign.Id, own.Id));
        Assert.Equal(["ErrorAccessDenied", "NoError"], answer.Envelope().Descendants(EwsNames.Messages + "ResponseCode").Select(code => code.Value));
        string[] attachments = [.. new[] { own, foreign }.Select(item => Convert.ToBase64String([.. Convert.FromBase64String(item.Id), 0]))];
        var file = await AskAsync($"<m:GetAttachment><m:AttachmentIds>{string.Concat(attachments.Select(id => $"<t:AttachmentId Id='{id}'/>"))}</m:AttachmentIds></m:GetAttachment>");
        Assert.Equal(["ErrorAccessDenied", "ErrorAccessDenied"], file.Envelope().Descendants(EwsNames.Messages + "ResponseCode").Select(code => code.Value));
        Assert.Empty(file.Envelope().Descendants(EwsNames.Types + "Content"));
        if (ExchangeSchema.Find() is { } schema)
        {
            Assert.Empty(schema.Violations(file.BodyText));
        }
    }

    [Fact]
    public async Task Only_an_entry_that_names_the_operation_allows_it()
    {
        await _gateway.RestartAsync(
            ("Access:Subscribers:0:Name", "apps"), ("Access:Subscribers:0:Address", "*"), ("Access:Subscribers:0:Networks", "127.0.0.0/8"),
            ("Access:Subscribers:0:Mailboxes", "*"));
        var item = _gateway.Exchange.DeliverMail(Ann, "Order 1", "shop@web.example");
        foreach (string name in new[] { "GetItem", "GetFolder", "FindItem", "SyncFolderItems", "GetAttachment" })
        {
            var denied = await AskAsync($"<m:{name}/>");
            Assert.Equal("Fault", denied.Operation().Name.LocalName);
            Assert.Equal("ErrorAccessDenied", denied.Value("ResponseCode"));
        }

        Assert.Equal("NoError", (await _gateway.AskAsync(Mails.Push(), "sub@branch.example")).Value("ResponseCode"));
        await _gateway.RestartAsync(("Access:Subscribers:0:Operations", "getitem"));
        Assert.Equal("NoError", (await AskAsync(GetItem(item.Id))).Value("ResponseCode"));
    }

    public static TheoryData<string, string> Invalid => new()
    {
        { "no shape", "<m:GetItem><m:ItemIds><t:ItemId Id='AAAA'/></m:ItemIds></m:GetItem>" },
        { "no id", "<m:GetItem><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape><m:ItemIds/></m:GetItem>" },
        { "an id of another kind", "<m:GetItem><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape><m:ItemIds><t:OccurrenceItemId RecurringMasterId='A' InstanceIndex='1'/></m:ItemIds></m:GetItem>" },
        { "more ids than a hundred", GetItem([.. Enumerable.Repeat("AAAA", 101)]) },
        { "more folders than a hundred", $"<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>{Folders(101)}</m:FolderIds></m:GetFolder>" },
        { "more folders to look into", $"<m:FindItem Traversal='Shallow'>{Shape()}<m:ParentFolderIds>{Folders(101)}</m:ParentFolderIds></m:FindItem>" },
        { "more changes than Exchange allows", $"<m:SyncFolderItems>{Shape()}{Inbox("SyncFolderId")}<m:MaxChangesReturned>513</m:MaxChangesReturned></m:SyncFolderItems>" },
        { "no traversal", $"<m:FindItem>{Shape()}{Inbox("ParentFolderIds")}</m:FindItem>" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task What_the_schema_does_not_allow_never_reaches_Exchange(string why, string body)
    {
        Assert.NotEmpty(why);
        _gateway.Exchange.Arm(SimulatorFault.ServerBusy, operation: "GetItem");
        _gateway.Exchange.Arm(SimulatorFault.ServerBusy, operation: "FindItem");
        var answer = await AskAsync(body);
        Assert.Equal("ErrorSchemaValidation", answer.Value("ResponseCode"));
        Assert.Equal(2, _gateway.Exchange.ArmedFaults.Count);
    }

    [Fact]
    public async Task No_place_of_a_request_has_Exchange_asked_for_folders_without_end()
    {
        _gateway.Exchange.Arm(SimulatorFault.TransientError, count: 100, operation: "GetFolder");
        var answer = await AskAsync($"<m:FindItem Traversal='Shallow'>{Shape()}<m:Restriction>{Folders(101)}</m:Restriction>{Inbox("ParentFolderIds")}</m:FindItem>");
        Assert.Equal("ErrorDataSizeLimitExceeded", answer.Value("ResponseCode"));
        Assert.Contains("GetFolder 100", Assert.Single(_gateway.Exchange.ArmedFaults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_of_two_mailboxes_are_a_fault()
    {
        string two = Inbox("FolderIds").Replace("</m:FolderIds>", Inbox("FolderIds", Bob).Replace("<m:FolderIds>", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var answer = await AskAsync($"<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>{two}</m:GetFolder>");
        Assert.Equal("ErrorInvalidRequest", answer.Value("ResponseCode"));
    }

    [Fact]
    public async Task Nothing_of_the_requesters_header_goes_on()
    {
        var item = _gateway.Exchange.DeliverMail(Ann, "Order 1", "shop@web.example");
        const string Header = "<s:Header><t:RequestServerVersion Version='Exchange2007'/><t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>ann@corp.example"
            + "</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation><x:Secret xmlns:x='urn:x'>s</x:Secret></s:Header>";
        await _gateway.SendAsync(Mails.Request(GetItem(item.Id), "1@branch.example", header: Header));
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1@branch.example>", "the answer");
        Assert.Equal("Order 1", answer.Value("Subject"));
    }

    [Fact]
    public async Task Exchange_that_is_busy_is_asked_again_and_one_that_stays_so_is_told()
    {
        var item = _gateway.Exchange.DeliverMail(Ann, "Order 1", "shop@web.example");
        _gateway.Exchange.Arm(SimulatorFault.ServerBusy, operation: "GetItem", delay: TimeSpan.FromMilliseconds(1));
        var work = AskAsync(GetItem(item.Id));
        await Eventually.TrueAsync(() => _gateway.Exchange.ArmedFaults.Count == 0, "the refusal");
        await PassUntilAsync(work);
        Assert.Equal("Order 1", (await work).Value("Subject"));

        _gateway.Exchange.Arm(SimulatorFault.ServerBusy, count: 1000, operation: "GetItem", delay: TimeSpan.FromMilliseconds(1));
        work = AskAsync(GetItem(item.Id));
        await PassUntilAsync(work);
        Assert.Equal("ErrorServerBusy", (await work).Value("ResponseCode"));
    }

    [Fact]
    public async Task Much_binary_content_goes_out_as_MTOM_parts_and_too_much_not_at_all()
    {
        await _gateway.RestartAsync(("Exchange:PartsAbove", "1000"), ("Exchange:LargestPassedAnswer", "70000"));
        byte[] content = [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * 7))];
        var item = _gateway.Exchange.AttachFile(_gateway.Exchange.DeliverMail(Ann, "Order 1", "shop@web.example"), "order.bin", content);
        var properties = await AskAsync(GetItem(item.Id, "<t:BaseShape>AllProperties</t:BaseShape>"));
        string attachment = properties.Envelope().Descendants(EwsNames.Types + "AttachmentId").Single().Attribute("Id")!.Value;
        string request = $"<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id='{attachment}'/></m:AttachmentIds></m:GetAttachment>";
        var file = await AskAsync(request);
        Assert.Contains("application/xop+xml", file.Field("Content-Type"), StringComparison.Ordinal);
        var include = Assert.Single(file.Envelope().Descendants(XNamespace.Get("http://www.w3.org/2004/08/xop/include") + "Include"));
        Assert.Equal($"cid:{file.Parts()[1].ContentId}", include.Attribute("href")!.Value);
        Assert.Equal(content, Assert.IsType<MimeDecodeResult.Decoded>(file.Parts()[1].Decode(MimeLimits.Default)).Octets.ToArray());

        // What our own reader makes of the package is what Exchange had said.
        var read = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(
            Assert.IsType<MimeReadResult.Read>(MimeReader.Read(file.Content, MimeLimits.Default)).Root, MimeLimits.Default));
        Assert.Contains("GetAttachmentResponse", Encoding.UTF8.GetString(read.Request.EnvelopeOctets.Span), StringComparison.Ordinal);

        string two = request.Replace("</m:AttachmentIds>", $"<t:AttachmentId Id='{attachment}'/><t:AttachmentId Id='{attachment}'/></m:AttachmentIds>", StringComparison.Ordinal);
        Assert.Equal("ErrorDataSizeLimitExceeded", (await AskAsync(two)).Value("ResponseCode"));
    }

    private static string GetItem(params string[] ids) => GetItem(ids, "<t:BaseShape>Default</t:BaseShape>");

    private static string GetItem(string id, string shape) => shape[0] == '<' ? GetItem([id], shape) : GetItem([id, shape], "<t:BaseShape>Default</t:BaseShape>");

    private static string GetItem(string[] ids, string shape) =>
        $"<m:GetItem><m:ItemShape>{shape}</m:ItemShape><m:ItemIds>{string.Concat(ids.Select(id => $"<t:ItemId Id='{id}'/>"))}</m:ItemIds></m:GetItem>";

    private static string Folders(int count) => string.Concat(Enumerable.Repeat("<t:FolderId Id='AAAA'/>", count));

    private static string Shape(string shape = "IdOnly") => $"<m:ItemShape><t:BaseShape>{shape}</t:BaseShape></m:ItemShape>";

    private static string Inbox(string element, string mailbox = Ann) =>
        $"<m:{element}><t:DistinguishedFolderId Id='inbox'><t:Mailbox><t:EmailAddress>{mailbox}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:{element}>";

    private static IEnumerable<string> Ids(RecordedMail mail) => mail.Envelope().Descendants(EwsNames.Types + "ItemId").Select(id => id.Attribute("Id")!.Value);

    // The mailbox of requests that name items only.
    private Task OnlyAnnAsync() => _gateway.RestartAsync(
        ("Access:Subscribers:0:Name", "apps"), ("Access:Subscribers:0:Address", "*"), ("Access:Subscribers:0:Networks", "127.0.0.0/8"),
        ("Access:Subscribers:0:Mailboxes", Ann), ("Access:Subscribers:0:DefaultMailbox", Ann), ("Access:Subscribers:0:Operations", "*"));

    private async Task<RecordedMail> AskAsync(string body)
    {
        string id = $"{Interlocked.Increment(ref _asked)}@asked.example";
        string header = body.Contains("Mailbox", StringComparison.Ordinal) || body.Contains("'inbox'", StringComparison.Ordinal) ? ""
            : $"<s:Header><t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>{Ann}</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation></s:Header>";
        Assert.StartsWith("250", await _gateway.SendAsync(Mails.Request(body, id, header: header)), StringComparison.Ordinal);
        return await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == $"<{id}>", $"an answer to {id}");
    }

    private async Task PassUntilAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            _gateway.Clock.Shift(TimeSpan.FromSeconds(31));
            _gateway.Store.Bells.Spool.Ring();
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(20)));
        }
    }
}
