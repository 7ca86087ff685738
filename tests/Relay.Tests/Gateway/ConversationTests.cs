using System.Xml.Linq;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>How an answer hangs together with its request, beyond the id: threads, addressing headers, versions, repeats.</summary>
public sealed class ConversationTests : IAsyncLifetime
{
    private const string Addressing = "http://www.w3.org/2005/08/addressing";
    private const string OldAddressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    public static TheoryData<string, string, string> Threads => new()
    {
        { "the request's References, then its id", "References: <a@x> <b@x>\n", "<a@x> <b@x> <1>" },
        { "its In-Reply-To where it has no References", "In-Reply-To: <p@x>\n", "<p@x> <1>" },
        { "not an In-Reply-To of several ids", "In-Reply-To: <p@x> <q@x>\n", "<1>" },
        { "both ids of a client that has two", "X-Message-ID: uid@me\n", "<1> uid@me" },
        { "an id that stands in References already, once", "References: <a@x> <1>\n", "<a@x> <1>" },
    };

    [Theory]
    [MemberData(nameof(Threads))]
    public async Task References_are(string why, string fields, string references)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "1", fields: fields), "calendar@localhost");
        Assert.Equal(references, (await _gateway.Smarthost.MailAsync(_ => true, "the answer")).Field("References"));
    }

    public static TheoryData<string, string, string> Subjects => new()
    {
        { "Axis 1 looks for its own subject in the raw text", new string('7', 40) + "-" + new string('a', 60), "Re: " + new string('7', 40) + "-" + new string('a', 60) },
        { "Re: once", "RE: Order", "RE: Order" },
        { "encoded words as they stand", "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Re: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=" },
    };

    [Theory]
    [MemberData(nameof(Subjects))]
    public async Task The_subject_is(string why, string subject, string answered)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "1").Replace("Subject: Test", $"Subject: {subject}", StringComparison.Ordinal), "calendar@localhost");
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the answer");
        Assert.Contains($"\r\nSubject: {answered}\r\n", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the recommendation", Addressing)]
    [InlineData("the submission", OldAddressing)]
    public async Task An_answer_relates_to_the_message_that_it_answers_and_goes_where_that_wants_it(string why, string ns)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "1", header: Header(
            ns, "<w:Action>urn:getMonth</w:Action><w:MessageID>urn:uuid:1</w:MessageID><w:ReplyTo><w:Address>mailto:other@branch.example</w:Address></w:ReplyTo>")), "calendar@localhost");
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the answer");
        Assert.Equal("other@branch.example", answer.Recipient);
        Assert.Equal("<1>", answer.InReplyTo);
        Assert.Equal("urn:uuid:1", Block(answer, ns, "RelatesTo"));
        Assert.Equal("mailto:other@branch.example", Block(answer, ns, "To"));
        Assert.NotNull(Block(answer, ns, "Action"));
    }

    [Theory]
    [InlineData("FaultTo before ReplyTo", "<w:ReplyTo><w:Address>mailto:a@branch.example</w:Address></w:ReplyTo><w:FaultTo><w:Address>mailto:f@branch.example</w:Address></w:FaultTo>", "f@branch.example")]
    [InlineData("ReplyTo without FaultTo", "<w:ReplyTo><w:Address>mailto:a@branch.example</w:Address></w:ReplyTo>", "a@branch.example")]
    [InlineData("anonymous is whoever asked", "<w:ReplyTo><w:Address>http://www.w3.org/2005/08/addressing/anonymous</w:Address></w:ReplyTo>", "app@branch.example")]
    public async Task A_fault_goes_to(string why, string blocks, string to)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(Mails.Request("<m:Frobnicate/>", "1", header: Header(Addressing, blocks + "<w:MessageID>urn:uuid:1</w:MessageID>")));
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the fault");
        Assert.Equal(to, answer.Recipient);
        Assert.Equal("urn:uuid:1", Block(answer, Addressing, "RelatesTo"));
    }

    public static TheoryData<string, string, string> Actions => new()
    {
        { "none at all", "", "" },
        { "the word null", "SOAPAction: null\n", "urn:one" },
        { "quotes around nothing", "SOAPAction: \"\"\n", "urn:one" },
        { "a field with nothing in it", "SOAPAction:\n", "urn:one" },
        { "the same in quotes, in odd case", "Soapaction: \"urn:one\"\n", "urn:one" },
        { "the same without quotes", "SOAPAction: urn:one\n", "urn:one" },
        { "another in a hint of lesser weight", "X-SOAPAction: urn:two\n", "urn:one" },
        { "another operation's, where the envelope says nothing", "SOAPAction: \"http://schemas.microsoft.com/exchange/services/2006/messages/Subscribe\"\n", "" },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task The_body_says_the_operation_and_an_action_hinders_nobody(string why, string fields, string action)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(
            Mails.Request(Mails.GetMonth, "1", fields: fields, header: action.Length == 0 ? "" : Header(Addressing, $"<w:Action>{action}</w:Action>")),
            "calendar@localhost");
        Assert.Equal("getMonthResponse", (await _gateway.Smarthost.MailAsync(_ => true, "the answer")).Operation().Name.LocalName);
    }

    [Fact]
    public async Task A_foreign_version_is_told_which_ones_there_are()
    {
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "1", soap: "http://www.w3.org/2002/06/soap-envelope"));
        var fault = await _gateway.Smarthost.MailAsync(_ => true, "the fault");
        Assert.Equal(Mails.Soap11, fault.Envelope().Name.NamespaceName);
        var upgrade = fault.Envelope().Descendants(XName.Get("Upgrade", Mails.Soap12)).Single();
        Assert.Equal(
            [Mails.Soap12, Mails.Soap11],
            upgrade.Elements().Select(supported => supported.GetNamespaceOfPrefix(supported.Attribute("qname")!.Value.Split(':')[0])!.NamespaceName));
    }

    [Theory]
    [InlineData("for another actor, SOAP 1.1", Mails.Soap11, "s:mustUnderstand='1' s:actor='urn:other'", "getMonthResponse")]
    [InlineData("for nobody, SOAP 1.2", Mails.Soap12, "s:mustUnderstand='true' s:role='http://www.w3.org/2003/05/soap-envelope/role/none'", "getMonthResponse")]
    [InlineData("for the next, SOAP 1.1", Mails.Soap11, "s:mustUnderstand='1' s:actor='http://schemas.xmlsoap.org/soap/actor/next'", "Fault")]
    [InlineData("for the last, SOAP 1.2", Mails.Soap12, "s:mustUnderstand='1' s:role='http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver'", "Fault")]
    public async Task A_block_that_must_be_understood_is(string why, string soap, string marks, string answered)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(
            Mails.Request(Mails.GetMonth, "1", soap, $"<s:Header><x:Pay xmlns:x='urn:x' {marks}/></s:Header>"), "calendar@localhost");
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the answer");
        Assert.Equal(answered, answer.Operation().Name.LocalName);
        Assert.Equal(answered == "Fault" && soap == Mails.Soap12, answer.Envelope().Descendants(XName.Get("NotUnderstood", soap)).Any());
    }

    [Theory]
    [InlineData("nothing but an envelope")]
    [InlineData("an envelope and an id", "Message-ID: 2\n")]
    [InlineData("an unreadable From", "From: undisclosed recipients:;\n")]
    public async Task A_mail_without_the_usual_fields_is_answered_to_its_envelope_sender(string why, string fields = "")
    {
        Assert.NotEmpty(why);
        string reply = await _gateway.SendAsync($"{fields}\n{Mails.Envelope(Mails.GetMonth)}\n", "calendar@localhost", "robot@branch.example");
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the answer");
        Assert.Equal("robot@branch.example", answer.Recipient);
        Assert.Contains(answer.InReplyTo!.Trim('<', '>'), reply, StringComparison.Ordinal);
        Assert.Equal("getMonthResponse", answer.Operation().Name.LocalName);
    }

    [Fact]
    public async Task Another_id_or_other_octets_make_another_request_and_reading_is_done_again()
    {
        string first = (await _gateway.AskAsync(Mails.Pull(), "1@branch.example")).Value("SubscriptionId")!;
        await _gateway.SendAsync(Mails.Request(Mails.Pull(), "2@branch.example"));
        await _gateway.SendAsync(Mails.Request(Mails.Pull("CreatedEvent"), "1@branch.example"));
        await _gateway.SendAsync(Mails.Request(Mails.Pull(), "1@branch.example", fields: "X-Trace: 2\n"));
        await _gateway.SettledAsync();
        string[] ids = [.. _gateway.Smarthost.Mails.Select(mail => mail.Value("SubscriptionId")!)];
        Assert.Equal(4, ids.Length);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(2, ids.Count(id => id == first));
        string own = "<r:ListSubscriptions xmlns:r='urn:soap-relay:v1'/>";
        Assert.Equal(3, (await _gateway.AskAsync(own, "list@branch.example")).Operation().Elements().Count());
        await _gateway.AskAsync(Mails.Unsubscribe(first), "4@branch.example");
        await _gateway.SendAsync(Mails.Request(own, "list@branch.example"));
        var lists = await _gateway.Smarthost.MailsAsync(7);
        Assert.Equal(2, lists[6].Operation().Elements().Count());
    }

    [Fact]
    public async Task Two_mails_without_an_id_are_two_requests()
    {
        await _gateway.SendAsync(Mails.Request(Mails.Pull(), id: null));
        await _gateway.SendAsync(Mails.Request(Mails.Pull(), id: null));
        var answers = await _gateway.Smarthost.MailsAsync(2);
        Assert.NotEqual(answers[0].Value("SubscriptionId"), answers[1].Value("SubscriptionId"));
        Assert.NotEqual(answers[0].InReplyTo, answers[1].InReplyTo);
    }

    private static string Header(string ns, string blocks) => $"<s:Header xmlns:w='{ns}'>{blocks}</s:Header>";

    private static string? Block(RecordedMail answer, string ns, string name) => answer.Envelope().Descendants(XName.Get(name, ns)).SingleOrDefault()?.Value;
}
