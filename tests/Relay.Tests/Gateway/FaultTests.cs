namespace Relay.Tests.Gateway;

public sealed class FaultTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    public static TheoryData<string, string, string> BadMails => new()
    {
        { "XML that is no SOAP", Mails.Mail("<order/>", "1"), "Client" },
        { "broken XML", Mails.Mail("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>", "1"), "Client" },
        { "a DTD", Mails.Mail("<!DOCTYPE s [<!ENTITY a 'b'>]>" + Mails.Envelope(Mails.GetMonth)[38..], "1"), "Client" },
        { "a processing instruction", Mails.Mail("<?xml-stylesheet href='x'?>" + Mails.Envelope(Mails.GetMonth)[38..], "1"), "Client" },
        { "an unknown operation", Mails.Request("<m:Frobnicate/>", "1"), "Client" },
        { "an operation in an unknown namespace", Mails.Request("<x:Subscribe xmlns:x='urn:x'/>", "1"), "Client" },
        { "a missing element", Mails.Request(Mails.Push(period: ""), "1"), "ErrorSchemaValidation" },
        { "an empty body", Mails.Request("", "1"), "Client" },
        { "an envelope in no namespace", Mails.Mail("<Envelope><Body/></Envelope>", "1"), "VersionMismatch" },
        { "an envelope of a draft", Mails.Request(Mails.GetMonth, "1", soap: "http://www.w3.org/2001/06/soap-envelope"), "VersionMismatch" },
        {
            "a header that must be understood",
            Mails.Request(Mails.GetMonth, "1", header: "<s:Header><x:Pay xmlns:x='urn:x' s:mustUnderstand='1'/></s:Header>"), "MustUnderstand"
        },
        {
            "two envelopes",
            Mails.Mail(
                $"--b\nContent-Type: text/xml\n\n{Mails.Envelope(Mails.GetMonth)}\n--b\nContent-Type: text/xml\n\n{Mails.Envelope(Mails.GetMonth)}\n--b--",
                "1", type: "multipart/mixed; boundary=b"),
            "Client"
        },
        {
            "actions that contradict each other",
            Mails.Request(
                Mails.GetMonth, "1", fields: "SOAPAction: \"urn:one\"\n",
                header: "<s:Header><a:Action xmlns:a='http://www.w3.org/2005/08/addressing'>urn:two</a:Action></s:Header>"),
            "ActionMismatch"
        },
        {
            "an answer to http",
            Mails.Request(
                Mails.GetMonth, "1",
                header: "<s:Header><a:ReplyTo xmlns:a='http://www.w3.org/2005/08/addressing'><a:Address>http://evil.example/</a:Address></a:ReplyTo></s:Header>"),
            "Client"
        },
    };

    [Theory]
    [MemberData(nameof(BadMails))]
    public async Task A_bad_request_is_accepted_and_answered_with_a_fault(string why, string mail, string code)
    {
        Assert.NotEmpty(why);
        Assert.StartsWith("250 ", await _gateway.SendAsync(mail), StringComparison.Ordinal);
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the fault");
        Assert.Equal("<1>", answer.InReplyTo);
        Assert.Equal("Fault", answer.Operation().Name.LocalName);
        Assert.Contains(code, answer.Value("faultcode"), StringComparison.Ordinal);
        Assert.NotEqual("", answer.Value("faultstring"));
    }

    [Theory]
    [InlineData("of Exchange", "<m:Frobnicate/>", "ews@localhost")]
    [InlineData("of the calendar", "<Frobnicate/>", "calendar@localhost")]
    [InlineData("one that the other service has", Mails.GetMonth, "ews@localhost")]
    public async Task An_unknown_operation_is_an_invalid_request_at_every_service(string why, string body, string service)
    {
        var answer = await _gateway.AskAsync(body, "1@branch.example", service);
        Assert.True(answer.Value("ResponseCode") == "ErrorInvalidRequest", why);
        Assert.EndsWith(":Client", answer.Value("faultcode"), StringComparison.Ordinal);
        Assert.Contains("is not an operation of this service", answer.Value("faultstring"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_names_that_settings_are_held_to_are_those_of_the_operations()
    {
        var catalog = _gateway.Service<Relay.Operations.OperationCatalog>();
        Assert.Equal(
            Enum.GetValues<Relay.Access.ServiceKind>().SelectMany(catalog.NamesOf).Order(StringComparer.Ordinal),
            Relay.Operations.OperationCatalog.AllNames.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_fault_travels_in_the_requests_version()
    {
        await _gateway.SendAsync(Mails.Request("<m:Frobnicate/>", "1", soap: Mails.Soap12, type: "application/soap+xml"));
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the fault");
        Assert.StartsWith("application/soap+xml", answer.Field("Content-Type"), StringComparison.Ordinal);
        Assert.Equal(Mails.Soap12, answer.Envelope().Name.NamespaceName);
        Assert.EndsWith("Sender", answer.Value("Value"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_violation_is_told_as_Exchange_tells_it()
    {
        await _gateway.SendAsync(Mails.Request(Mails.Pull(period: "<t:Timeout>1441</t:Timeout>"), "1"));
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the fault");
        Assert.Equal("ErrorSchemaValidation", answer.Value("ResponseCode"));
        Assert.Contains("1441", answer.Value("Violation"), StringComparison.Ordinal);
        Assert.NotNull(answer.Value("LineNumber"));
        Assert.NotNull(answer.Value("LinePosition"));
    }

    [Theory]
    [InlineData("no id", "<r:GetSubscription xmlns:r='urn:soap-relay:v1'/>", "ews", "ErrorSchemaValidation", "'SubscriptionId' in namespace 'urn:soap-relay:v1'")]
    [InlineData("an empty id", "<r:PauseSubscription xmlns:r='urn:soap-relay:v1'><r:SubscriptionId/></r:PauseSubscription>", "ews", "ErrorSchemaValidation", "SubscriptionId")]
    [InlineData("no token", "<r:ConfirmSubscription xmlns:r='urn:soap-relay:v1'/>", "ews", "ErrorSchemaValidation", "Token")]
    [InlineData("no month", "<getMonth><year>2003</year></getMonth>", "calendar", "Client", "a child month")]
    [InlineData("the thirteenth month", "<getMonth><year>2003</year><month>13</month></getMonth>", "calendar", "Client", "from 1 to 12")]
    [InlineData("a year that is no number", "<x:getMonth xmlns:x='urn:x'><year>MMIII</year></x:getMonth>", "calendar", "Client", "a child year")]
    public async Task A_violation_of_our_own_schemas_is_told_likewise(string why, string body, string service, string code, string words)
    {
        var answer = await _gateway.AskAsync(body, "1@branch.example", $"{service}@localhost");
        Assert.True(answer.Value("ResponseCode") == "ErrorSchemaValidation", why);
        Assert.EndsWith($":{code}", answer.Value("faultcode"), StringComparison.Ordinal);
        Assert.Contains(words, answer.Value("faultstring"), StringComparison.Ordinal);
        Assert.Contains(words, answer.Value("Violation"), StringComparison.Ordinal);
        Assert.True(int.Parse(answer.Value("LinePosition")!, System.Globalization.CultureInfo.InvariantCulture) > 1, why);
    }

    [Fact]
    public async Task A_mail_without_XML_gets_help_once_an_hour()
    {
        await _gateway.SendAsync(Mails.Mail("Hello, who are you?", "1", type: "text/plain"));
        var help = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "help");
        Assert.StartsWith("text/plain", help.Field("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("Subscribe", help.BodyText, StringComparison.Ordinal);
        await _gateway.SendAsync(Mails.Mail("Hello again", "2", type: "text/plain"));
        await _gateway.SettledAsync();
        Assert.Single(_gateway.Smarthost.Mails);
    }

    [Theory]
    [InlineData("an address that is none of ours", "nobody@localhost", "550 5.1.1")]
    [InlineData("a domain that is none of ours", "someone@else.example", "550 5.7.1")]
    public async Task An_unknown_recipient_is_refused_in_the_dialogue(string why, string to, string reply)
    {
        Assert.NotEmpty(why);
        Assert.StartsWith(reply, await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "1"), to), StringComparison.Ordinal);
    }
}
