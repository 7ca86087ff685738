using System.Text.RegularExpressions;
using System.Xml.Linq;
using Relay.Access;
using Relay.Operations;
using Relay.TestKit.Mail;
using Relay.Wire.Ews;

namespace Relay.Tests.Gateway;

/// <summary>help@ and wsdl@: what is told about the services to whoever writes.</summary>
public sealed partial class InformationTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    public static TheoryData<string, string> AnyMails => new()
    {
        { "a person's mail", Mails.Mail("Hello?", "1", type: "text/plain") },
        { "nothing at all", Mails.Mail("", "1", type: null) },
        { "a request that is another service's", Mails.Request(Mails.GetMonth, "1") },
        { "broken XML", Mails.Mail("<s:Envelope", "1") },
        { "a mail that no reader understands", Mails.Mail("x", "1", type: "multipart/mixed") },
    };

    [Theory]
    [MemberData(nameof(AnyMails))]
    public async Task Any_mail_to_help_is_answered_with_the_help_text(string why, string mail)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(mail, "help@localhost");
        var help = await _gateway.Smarthost.MailAsync(answer => answer.InReplyTo == "<1>", "help");
        Assert.StartsWith("text/plain", help.Field("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("wsdl@localhost", help.BodyText, StringComparison.Ordinal);
        Assert.Contains("help@localhost", help.Field("From"), StringComparison.Ordinal);
        Assert.Equal("auto-replied", help.Field("Auto-Submitted"));
    }

    [Fact]
    public async Task The_samples_of_the_help_text_work_as_they_stand()
    {
        await _gateway.SendAsync(Mails.Mail("Hello?", "1", type: "text/plain"), "help@localhost", "app+tag@branch.example");
        var help = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "help");
        string[] samples = [.. Sample().Matches(help.BodyText).Select(match => match.Value)];
        string[] services = [.. ServiceOfSample().Matches(help.BodyText).Select(match => match.Groups[1].Value)];
        Assert.Equal(["ews@localhost", "calendar@localhost"], services);

        await _gateway.SendAsync(Mails.Mail(samples[0], "2", type: "text/plain"), services[0]);
        var subscribed = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2>", "the answer to Subscribe");
        Assert.Equal("NoError", subscribed.Value("ResponseCode"));
        await _gateway.SendAsync(Mails.Mail(samples[1], "3", type: "text/plain"), services[1]);
        var month = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<3>", "the answer to getMonth");
        Assert.Equal("getMonthResponse", month.Operation().Name.LocalName);
    }

    [Fact]
    public async Task Help_comes_once_an_hour_from_each_address_and_the_WSDL_whenever_it_is_asked_for()
    {
        string[] order = ["help@localhost", "help@localhost", "ews@localhost", "wsdl@localhost", "wsdl@localhost"];
        for (int i = 0; i < order.Length; i++)
        {
            await _gateway.SendAsync(Mails.Mail("Hello?", $"{i}", type: "text/plain"), order[i]);
            await _gateway.SettledAsync();
        }

        Assert.Equal(
            ["help sent", "help was sent within the hour", "help sent", "WSDL sent", "WSDL sent"], _gateway.Outcomes());
        Assert.Equal(4, _gateway.Smarthost.Mails.Count);
    }

    public static TheoryData<string, string, string?> Noise => new()
    {
        { "the null reverse-path", "", null },
        { "an automatic reply", "Auto-Submitted: auto-replied\n", "app@branch.example" },
        { "a list", "List-Id: <l.example>\n", "app@branch.example" },
        { "our own address", "", "wsdl@localhost" },
    };

    [Theory]
    [MemberData(nameof(Noise))]
    public async Task What_is_never_answered_gets_neither_help_nor_WSDL(string why, string fields, string? reversePath)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(Mails.Mail("Hello?", "1", fields, "text/plain"), "help@localhost,wsdl@localhost", reversePath);
        await _gateway.SettledAsync();
        Assert.Empty(_gateway.Smarthost.Mails);
    }

    [Fact]
    public async Task The_WSDL_is_attached_to_a_mail_that_a_person_can_read()
    {
        var mail = await DescribeAsync(_gateway, "wsdl@localhost");
        var parts = WsdlDocument.Parts(mail).Parts;
        Assert.StartsWith("multipart/mixed", mail.Field("Content-Type"), StringComparison.Ordinal);
        Assert.Equal("text/plain", parts[0].ContentType.MediaType);
        Assert.Equal("text/xml", parts[1].ContentType.MediaType);
        Assert.Equal("base64", parts[1].Headers.Text("Content-Transfer-Encoding"));
        Assert.Contains("relay.wsdl", parts[1].Headers.Text("Content-Disposition"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_WSDL_has_every_operation_and_each_of_its_references_leads_somewhere()
    {
        var wsdl = WsdlDocument.Of(await DescribeAsync(_gateway, "wsdl@localhost"));
        var catalog = _gateway.Service<OperationCatalog>();
        Assert.Equal(
            catalog.NamesOf(ServiceKind.Ews).Concat(catalog.NamesOf(ServiceKind.Calendar)).Where(name => name != "SendNotificationResult").Append("SendNotification"),
            wsdl.All("portType").Elements(WsdlDocument.Wsdl + "operation").Select(operation => operation.Attribute("name")!.Value));
        Assert.All(wsdl.All("part"), part => Assert.True(wsdl.Declares(WsdlDocument.Resolve(part.Attribute("element")!)), part.ToString()));
        AssertAllResolve(wsdl, wsdl.All("operation").Elements().Attributes("message"), "message");
        AssertAllResolve(wsdl, wsdl.All("binding").Attributes("type"), "portType");
        AssertAllResolve(wsdl, wsdl.All("port").Attributes("binding"), "binding");
        Assert.Equal(
            ["mailto:ews@localhost", "mailto:calendar@localhost"],
            wsdl.Root.Descendants(WsdlDocument.Soap + "address").Select(address => address.Attribute("location")!.Value));
        Assert.All(
            wsdl.Root.Descendants(WsdlDocument.Soap + "binding"),
            binding => Assert.Equal("http://schemas.xmlsoap.org/soap/smtp", binding.Attribute("transport")!.Value));
        Assert.Empty(wsdl.Root.Descendants().Attributes("soapAction")); // WSDL 1.1 §3.4: only for HTTP
    }

    [Fact]
    public async Task What_goes_to_and_fro_is_as_the_WSDL_says()
    {
        var wsdl = WsdlDocument.Of(await DescribeAsync(_gateway, "wsdl@localhost"));
        int next = 0;
        string id = (await ExchangeAsync(Mails.Push("NewMailEvent ModifiedEvent"))).Value("SubscriptionId")!;
        string watermark = _gateway.Smarthost.Mails[^1].Value("Watermark")!;
        await _gateway.StreamingAsync();
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var notification = await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "a notification");
        Assert.Empty(wsdl.Violations(notification.Operation()));
        await ExchangeAsync(Mails.GetEvents(id, watermark));
        await ExchangeAsync(Mails.GetEvents("bm9uZQ==", watermark));
        string item = notification.Envelope().Descendants(EwsNames.Types + "ItemId").Single().Attribute("Id")!.Value;
        const string Shape = "<m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>";
        await ExchangeAsync($"<m:GetItem>{Shape}<m:ItemIds><t:ItemId Id='{item}'/></m:ItemIds></m:GetItem>");
        await ExchangeAsync($"<m:GetItem>{Shape}<m:ItemIds><t:ItemId Id='none'/></m:ItemIds></m:GetItem>");
        string inbox = Mails.Folders().Replace("t:FolderIds", "m:ParentFolderIds", StringComparison.Ordinal);
        await ExchangeAsync($"<m:FindItem Traversal='Shallow'>{Shape}{inbox}</m:FindItem>");
        string folder = inbox.Replace("ParentFolderIds", "SyncFolderId", StringComparison.Ordinal);
        await ExchangeAsync($"<m:SyncFolderItems>{Shape}{folder}<m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>");
        folder = inbox.Replace("ParentFolderIds", "FolderIds", StringComparison.Ordinal);
        await ExchangeAsync($"<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>{folder}</m:GetFolder>");
        await ExchangeAsync("<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id='none'/></m:AttachmentIds></m:GetAttachment>");
        await ExchangeAsync(Own("Ping"));
        await ExchangeAsync(Own("ListSubscriptions"));
        await ExchangeAsync(Own("GetSubscription", id));
        await ExchangeAsync(Own("PauseSubscription", id));
        await ExchangeAsync(Own("ResumeSubscription", id));
        await ExchangeAsync(Mails.Unsubscribe(id));
        await ExchangeAsync("<getMonth xmlns='urn:calendar'><year xmlns=''>2026</year><month xmlns=''>11</month></getMonth>", "calendar@localhost");

        async Task<RecordedMail> ExchangeAsync(string body, string to = "ews@localhost")
        {
            string envelope = Mails.Envelope(body);
            Assert.Empty(wsdl.Violations(XElement.Load(new StringReader(envelope)).Elements().Last().Elements().Single()));
            var answer = await _gateway.AskAsync(body, $"{++next}@branch.example", to);
            Assert.Empty(wsdl.Violations(answer.Operation()));
            return answer;
        }
    }

    [Fact]
    public async Task Header_blocks_of_our_own_are_as_the_WSDL_says()
    {
        var wsdl = WsdlDocument.Of(await DescribeAsync(_gateway, "wsdl@localhost"));
        var wishes = DeliveryHeader.Write(new DeliveryWishes
        {
            DigestMinutes = 1,
            DigestEvents = 1,
            Coalesce = true,
            Content = DeliveryContent.Properties,
            LargestMail = DeliveryWishes.MostLargestMail,
        });
        wishes.Add(new XAttribute(EwsNames.Soap + "mustUnderstand", "1"));
        Assert.All(wsdl.Violations(wishes), violation => Assert.Contains("mustUnderstand", violation, StringComparison.Ordinal)); // SOAP's own schema is not in it
        Assert.NotEmpty(wsdl.Violations(DeliveryHeader.Write(new DeliveryWishes { LargestMail = 1 })));
        await _gateway.SendAsync(Mails.Request(Mails.Push(), "1", header: $"<s:Header>{wishes}</s:Header>"));
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the answer");
        await _gateway.StreamingAsync();
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var notification = await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "a notification");
        Assert.Empty(wsdl.Violations(notification.Envelope().Descendants(XNamespace.Get("urn:soap-relay:v1") + "Items").Single()));
    }

    [Fact]
    public async Task Both_can_stand_at_any_address_and_leave_an_address_that_is_named_alone()
    {
        await using var gateway = await TestGateway.StartAsync(
            ("Smtp:Domains", "localhost,other.example"),
            ("Services:0:Address", "about@gateway.example"), ("Services:0:Service", "Wsdl"),
            ("Services:1:Address", "help@localhost"), ("Services:1:Service", "Calendar"),
            ("Services:2:Address", "info@gateway.example"), ("Services:2:Service", "Help"));
        var wsdl = WsdlDocument.Of(await DescribeAsync(gateway, "about@gateway.example"));
        Assert.Equal("mailto:help@localhost", Assert.Single(wsdl.Root.Descendants(WsdlDocument.Soap + "address")).Attribute("location")!.Value);
        Assert.Equal("getMonthResponse", (await gateway.AskAsync(Mails.GetMonth, "1@branch.example", "help@localhost")).Operation().Name.LocalName);
        Assert.Contains("help@localhost", (await gateway.AskAsync("", "2@branch.example", "info@gateway.example")).BodyText, StringComparison.Ordinal);
        Assert.Contains("help@localhost", (await gateway.AskAsync("", "3@branch.example", "help@other.example")).BodyText, StringComparison.Ordinal);
        await DescribeAsync(gateway, "wsdl@localhost");
    }

    private static string Own(string operation, string? id = null) =>
        $"<r:{operation} xmlns:r='urn:soap-relay:v1'>{(id is null ? "" : $"<r:SubscriptionId>{id}</r:SubscriptionId>")}</r:{operation}>";

    private static void AssertAllResolve(WsdlDocument wsdl, IEnumerable<XAttribute> references, string kind)
    {
        XNamespace target = wsdl.Root.Attribute("targetNamespace")!.Value;
        string[] names = [.. wsdl.Root.Elements(WsdlDocument.Wsdl + kind).Select(element => element.Attribute("name")!.Value)];
        Assert.Equal(names.Distinct(), names);
        Assert.All(references, reference => Assert.Contains(WsdlDocument.Resolve(reference), names.Select(name => target + name)));
        Assert.NotEmpty(references);
    }

    private static async Task<RecordedMail> DescribeAsync(TestGateway gateway, string address)
    {
        await gateway.SendAsync(Mails.Mail("Your WSDL, please.", $"about-{address}", type: "text/plain"), address);
        return await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == $"<about-{address}>", "the WSDL");
    }

    [GeneratedRegex("<s:Envelope.*?</s:Envelope>", RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex("send this to ([^:]+):")]
    private static partial Regex ServiceOfSample();
}
