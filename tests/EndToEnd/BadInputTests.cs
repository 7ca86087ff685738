using System.Xml.Linq;
using Relay.EndToEnd.Harness;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd;

/// <summary>What a sender may get wrong, and what it is told: in the dialogue where that can be known, else by mail.</summary>
public sealed class BadInputTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Bob = "bob@bad.example";

    private readonly Gateway _gateway = fixture.Gateway;

    [Theory]
    [InlineData("nobody of that name here", "RCPT TO:<nobody@localhost>", "550 5.1.1 ")]
    [InlineData("no open relay", "RCPT TO:<ann@elsewhere.example>", "550 5.")]
    [InlineData("bigger than SIZE", "MAIL FROM:<bob@bad.example> SIZE=99999999", "552 5.3.4 ")]
    [InlineData("no such parameter", "MAIL FROM:<bob@bad.example> COLOUR=RED", "555 5.5.4 ")]
    [InlineData("no such command", "FROBNICATE", "500 5.5.")]
    [InlineData("out of order", "DATA", "503 5.5.1 ")]
    public async Task Refusals_in_the_dialogue_say_why(string why, string command, string reply)
    {
        await using SmtpDialogue dialogue = await SmtpDialogue.ConnectAsync(_gateway.SmtpPort);
        if (command.StartsWith("RCPT", StringComparison.Ordinal))
        {
            await dialogue.CommandAsync($"MAIL FROM:<{Bob}>");
        }

        string said = await dialogue.CommandAsync(command);

        Assert.True(said.StartsWith(reply, StringComparison.Ordinal), $"{why}: {said}");
    }

    [Fact]
    public async Task A_bare_line_feed_in_the_content_is_refused()
    {
        await using SmtpDialogue dialogue = await SmtpDialogue.ConnectAsync(_gateway.SmtpPort);
        await dialogue.CommandAsync($"MAIL FROM:<{Bob}>");
        await dialogue.CommandAsync("RCPT TO:<ews@localhost>");
        await dialogue.CommandAsync("DATA");

        string said = await dialogue.CommandAsync("Subject: x\r\n\r\nsmuggled\n.\nMAIL FROM:<x@y.example>\r\n.");

        Assert.StartsWith("550 5.5.2 ", said, StringComparison.Ordinal);
    }

    /// <summary>Envelopes that get a SOAP fault: why, to which service, the envelope, the fault code, words of its text.</summary>
    public static TheoryData<string, string, string, string, string> Faults => new()
    {
        { "broken XML", "ews", "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><a></soap:Body></soap:Envelope>", "Client", "" },
        { "XML cut short", "ews", "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>", "Client", "" },
        { "a DTD", "ews", "<!DOCTYPE a [<!ENTITY x \"y\">]>" + Bare(Soap.GetMonth(2003, 1)), "Client", "" },
        { "entities that multiply", "ews", "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" + Bare("<x>&b;</x>"), "Client", "" },
        { "a processing instruction", "ews", "<?xml-stylesheet href=\"x\"?>" + Bare(Soap.GetMonth(2003, 1)), "Client", "" },
        { "XML that is no SOAP", "ews", "<order xmlns=\"urn:example:orders\"><number>1</number></order>", "Client", "" },
        { "an envelope of a draft version", "ews", Bare(Soap.GetMonth(2003, 1)).Replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2001/12/soap-envelope"), "VersionMismatch", "" },
        { "a header that must be understood", "ews", Bare(Soap.PullSubscribe("a@b.example")).Replace("<soap:Body>", "<soap:Header><x xmlns=\"urn:x\" soap:mustUnderstand=\"1\"/></soap:Header><soap:Body>"), "MustUnderstand", "" },
        { "a processing instruction inside", "ews", Bare("<?x y?>" + Soap.PullSubscribe("a@b.example")), "Client", "" },
        { "an empty body", "ews", Bare(""), "Client", "" },
        { "no such operation", "ews", Bare("<m:Frobnicate/>"), "ErrorInvalidRequest", "Frobnicate" },
        { "the namespace of the mangled pages", "ews", Bare("<GetEvents xmlns=\"https://schemas.microsoft.com/exchange/services/2006/messages\"/>"), "ErrorInvalidRequest", "" },
        { "an element missing", "ews", Bare(Soap.PushSubscribe("a@b.example", Bob)).Replace("<t:StatusFrequency>30</t:StatusFrequency>", ""), "ErrorSchemaValidation", "StatusFrequency" },
        { "a number out of range", "ews", Bare(Soap.PullSubscribe("a@b.example")).Replace(">30<", ">1441<"), "ErrorSchemaValidation", "1441" },
        { "an event that cannot be asked for", "ews", Bare(Soap.PullSubscribe("a@b.example", "StatusEvent")), "ErrorSchemaValidation", "StatusEvent" },
        { "an element of another namespace", "ews", Bare(Soap.PullSubscribe("a@b.example")).Replace("t:Timeout", "m:Timeout"), "ErrorSchemaValidation", "Timeout" },
        { "no month", "calendar", Bare("<getMonth><year>2003</year></getMonth>"), "Client", "month" },
        { "the thirteenth month", "calendar", Bare(Soap.GetMonth(2003, 13)), "Client", "month" },
        { "no such operation of the calendar", "calendar", Bare("<getYear/>"), "Client", "getYear" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_request_that_fails_as_a_whole_gets_the_fault(string why, string service, string envelope, string code, string words)
    {
        RecordedMail answer = await AskAsync($"{service}@localhost", envelope, "text/xml; charset=utf-8");
        XElement fault = Soap.Body(answer);

        Assert.True(fault.Name == Soap.Soap11 + "Fault", $"{why}: {answer.BodyText}");
        string? said = code.StartsWith("Error", StringComparison.Ordinal) ? fault.Element("detail")?.Element(Soap.Errors + "ResponseCode")?.Value : LocalCode(fault);
        Assert.True(said == code, $"{why}: {answer.BodyText}");
        Assert.Contains(words, fault.Element("faultstring")?.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("broken XML", "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><a></s:Body></s:Envelope>")]
    [InlineData("no such operation", "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><a/></s:Body></s:Envelope>")]
    public async Task Faults_of_a_soap_12_request_are_of_soap_12(string why, string envelope)
    {
        RecordedMail answer = await AskAsync("ews@localhost", envelope, "application/soap+xml; charset=utf-8");

        Assert.True(Soap.Body(answer).Name == Soap.Soap12 + "Fault", $"{why}: {answer.BodyText}");
        Assert.EndsWith(":Sender", Soap.Body(answer).Descendants(Soap.Soap12 + "Value").First().Value, StringComparison.Ordinal);
        Assert.StartsWith("application/soap+xml", answer.Field("Content-Type"), StringComparison.Ordinal);
    }

    /// <summary>Requests whose answer is an error of EWS: why, the body, the code.</summary>
    public static TheoryData<string, string, string> Errors => new()
    {
        { "no notifications to the web", Soap.PushSubscribe("ann@bad.example", Bob).Replace($"mailto:{Bob}", "http://listener.example/"), "ErrorInvalidPushSubscriptionUrl" },
        { "no such subscription", Soap.GetEvents("bm9uZQ==", "bm9uZQ=="), "ErrorSubscriptionNotFound" },
        { "ending no such subscription", Soap.Unsubscribe("bm9uZQ=="), "ErrorSubscriptionNotFound" },
        { "a watermark of somebody else", Soap.PushSubscribe("ann@bad.example", Bob, watermark: "bm9uZQ=="), "ErrorInvalidWatermark" },
        { "neither folders nor all", "<m:Subscribe><m:PullSubscriptionRequest><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes><t:Timeout>1</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>", "ErrorInvalidSubscriptionRequest" },
        { "folders of two mailboxes", Soap.PullSubscribe("ann@bad.example").Replace("</t:FolderIds>", "<t:DistinguishedFolderId Id=\"inbox\"><t:Mailbox><t:EmailAddress>cid@bad.example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></t:FolderIds>"), "ErrorInvalidSubscriptionRequest" },
        { "no such folder", Soap.PullSubscribe("ann@bad.example").Replace("<t:FolderIds>", "<t:FolderIds><t:FolderId Id=\"AAAA\"/>"), "ErrorInvalidIdMalformed ErrorFolderNotFound ErrorInvalidIdEmpty ErrorItemNotFound" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_request_that_cannot_be_served_gets_the_error_of_exchange(string why, string body, string codes)
    {
        RecordedMail answer = await AskAsync("ews@localhost", Bare(body), "text/xml; charset=utf-8");
        XElement message = Soap.Body(answer).Descendants().First(element => element.Attribute("ResponseClass") is not null);

        Assert.True((string?)message.Attribute("ResponseClass") == "Error" && codes.Split(' ').Contains(message.Value("ResponseCode")), $"{why}: {answer.BodyText}");
        Assert.Equal(["MessageText", "ResponseCode", "DescriptiveLinkKey"], message.Elements().Take(3).Select(element => element.Name.LocalName));
        Soap.AssertValid(answer);
    }

    [Fact]
    public async Task Two_envelopes_in_one_mail_are_a_fault_that_names_both()
    {
        const string Parts = "--b\nContent-Type: text/xml; name=one.xml\n\n{0}\n--b\nContent-Type: text/xml; name=two.xml\n\n{0}\n--b--\n";
        RecordedMail answer = await AskAsync("calendar@localhost", Parts.Replace("{0}", Bare(Soap.GetMonth(2003, 1))), "multipart/mixed; boundary=b");

        Assert.Contains("Fault", answer.Text + answer.BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_without_xml_gets_help()
    {
        RecordedMail answer = await AskAsync("calendar@localhost", "Hello, what is this address for?", "text/plain; charset=us-ascii");

        Assert.Contains("getMonth", answer.BodyText, StringComparison.Ordinal);
    }

    /// <summary>Mails that are taken and not answered, lest two programs talk for ever: why, the reverse-path, a field, the body.</summary>
    [Theory]
    [InlineData("a null reverse-path wants no answer", "", "X-Test: 1")]
    [InlineData("an answer of another program", Bob, "Auto-Submitted: auto-replied")]
    [InlineData("a program that says so", Bob, "Auto-Submitted: auto-generated")]
    [InlineData("a mailing list", Bob, "List-Id: <list.bad.example>")]
    [InlineData("bulk mail", Bob, "Precedence: bulk")]
    [InlineData("in our own name", Bob, "From: ews@localhost")]
    public async Task A_mail_that_must_not_be_answered_is_not(string why, string from, string field)
    {
        string mail = Soap.Mail(Bob, "calendar@localhost", $"<{Guid.NewGuid():N}@bad.example>", Bare(Soap.GetMonth(2003, 1)));
        string id = await _gateway.MailAsync(from, "calendar@localhost", field.StartsWith("From:", StringComparison.Ordinal)
            ? mail.Replace($"From: {Bob}", field)
            : field + "\n" + mail);

        // Whatever would have come of it has come by the time that later requests are answered.
        for (int later = 0; later < 3; later++)
        {
            await AskAsync("calendar@localhost", Bare(Soap.GetMonth(2003, 2)), "text/xml");
        }

        Assert.False(_gateway.Smarthost.Mails.Any(answer => answer.InReplyTo == id), why);
    }

    [Fact]
    public async Task Nothing_of_all_this_stops_the_gateway()
    {
        RecordedMail answer = await AskAsync("calendar@localhost", Bare(Soap.GetMonth(2003, 1)), "text/xml");

        Assert.Equal("getMonthResponse", Soap.Body(answer).Name.LocalName);
        Assert.True(_gateway.IsRunning);
        Assert.DoesNotContain("   at Relay.", _gateway.Log, StringComparison.Ordinal);
    }

    /// <summary>An envelope without the declaration, to which a test may prefix something.</summary>
    private static string Bare(string body) => Soap.Envelope(body).Replace("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", "");

    private static string? LocalCode(XElement fault) => fault.Element("faultcode")?.Value.Split(':')[^1].Split('.')[0];

    private async Task<RecordedMail> AskAsync(string to, string content, string contentType)
    {
        string id = await _gateway.MailAsync(Bob, to, Soap.Mail(Bob, to, $"<{Guid.NewGuid():N}@bad.example>", content, contentType));
        return await _gateway.AnswerToAsync(id);
    }
}
