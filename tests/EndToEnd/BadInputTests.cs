using System.Text;
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

    [Theory]
    [MemberData(nameof(BadRequests.Faults), MemberType = typeof(BadRequests))]
    public async Task A_request_that_fails_as_a_whole_gets_the_fault(string why, string service, string envelope, string code, string words)
    {
        RecordedMail answer = await AskAsync($"{service}@localhost", envelope, "text/xml; charset=utf-8");
        XElement fault = Soap.Body(answer);

        Assert.True(fault.Name == Soap.Soap11 + "Fault", $"{why}: {answer.BodyText}");
        string? said = code.StartsWith("Error", StringComparison.Ordinal)
            ? fault.Element("detail")?.Element(Soap.Errors + "ResponseCode")?.Value
            : LocalCode(fault);
        Assert.True(said == code, $"{why}: {answer.BodyText}");
        Assert.Contains(words, fault.Element("faultstring")?.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("broken XML", "<a>")]
    [InlineData("no such operation", "<a/>")]
    public async Task Faults_of_a_soap_12_request_are_of_soap_12(string why, string body)
    {
        string envelope = $"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>{body}</s:Body></s:Envelope>";
        RecordedMail answer = await AskAsync("ews@localhost", envelope, "application/soap+xml; charset=utf-8");

        Assert.True(Soap.Body(answer).Name == Soap.Soap12 + "Fault", $"{why}: {answer.BodyText}");
        Assert.EndsWith(":Sender", Soap.Body(answer).Descendants(Soap.Soap12 + "Value").First().Value, StringComparison.Ordinal);
        Assert.StartsWith("application/soap+xml", answer.Field("Content-Type"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadRequests.Errors), MemberType = typeof(BadRequests))]
    public async Task A_request_that_cannot_be_served_gets_the_error_of_exchange(string why, string body, string codes)
    {
        RecordedMail answer = await AskAsync("ews@localhost", BadRequests.Envelope(body), "text/xml; charset=utf-8");
        XElement message = Soap.Body(answer).Descendants().First(element => element.Attribute("ResponseClass") is not null);

        bool isAsExpected = (string?)message.Attribute("ResponseClass") == "Error" && codes.Split(' ').Contains(message.Value("ResponseCode"));
        Assert.True(isAsExpected, $"{why}: {answer.BodyText}");
        Assert.Equal(["MessageText", "ResponseCode", "DescriptiveLinkKey"], message.Elements().Take(3).Select(element => element.Name.LocalName));
        Soap.AssertValid(answer);
    }

    [Fact]
    public async Task Two_envelopes_in_one_mail_are_a_fault_that_names_both()
    {
        string envelope = BadRequests.Envelope(Soap.GetMonth(2003, 1));
        string parts = string.Concat(new[] { "one", "two" }.Select(name => $"--b\nContent-Type: text/xml; name={name}.xml\n\n{envelope}\n"));

        RecordedMail answer = await AskAsync("calendar@localhost", parts + "--b--\n", "multipart/mixed; boundary=b");

        string reason = Encoding.UTF8.GetString(answer.Body) + Decoded(answer);
        Assert.Contains("Fault", reason, StringComparison.Ordinal);
        Assert.Contains("one.xml", reason, StringComparison.Ordinal);
        Assert.Contains("two.xml", reason, StringComparison.Ordinal);
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
        string mail = Soap.Mail(Bob, "calendar@localhost", $"<{Guid.NewGuid():N}@bad.example>", BadRequests.Envelope(Soap.GetMonth(2003, 1)));
        string id = await _gateway.MailAsync(from, "calendar@localhost", field.StartsWith("From:", StringComparison.Ordinal)
            ? mail.Replace($"From: {Bob}", field)
            : field + "\n" + mail);

        // Whatever would have come of it has come by the time that later requests are answered.
        for (int later = 0; later < 3; later++)
        {
            await AskAsync("calendar@localhost", BadRequests.Envelope(Soap.GetMonth(2003, 2)), "text/xml");
        }

        Assert.False(_gateway.Smarthost.Mails.Any(answer => answer.InReplyTo == id), why);
    }

    [Fact]
    public async Task Nothing_of_all_this_stops_the_gateway()
    {
        RecordedMail answer = await AskAsync("calendar@localhost", BadRequests.Envelope(Soap.GetMonth(2003, 1)), "text/xml");

        Assert.Equal("getMonthResponse", Soap.Body(answer).Name.LocalName);
        Assert.True(_gateway.IsRunning);
        Assert.DoesNotContain("   at Relay.", _gateway.Log, StringComparison.Ordinal);
    }

    /// <summary>The base64 parts of a mail with several: good enough to look for words.</summary>
    private static string Decoded(RecordedMail mail) => string.Concat(mail.Text.Split("\r\n\r\n").Select(part =>
    {
        string text = part.Split("\r\n--")[0].Replace("\r\n", "");
        byte[] octets = new byte[text.Length];
        return Convert.TryFromBase64String(text, octets, out int length) ? Encoding.UTF8.GetString(octets, 0, length) : "";
    }));

    private static string? LocalCode(XElement fault) => fault.Element("faultcode")?.Value.Split(':')[^1].Split('.')[0];

    private async Task<RecordedMail> AskAsync(string to, string content, string contentType)
    {
        string id = await _gateway.MailAsync(Bob, to, Soap.Mail(Bob, to, $"<{Guid.NewGuid():N}@bad.example>", content, contentType));
        return await _gateway.AnswerToAsync(id);
    }
}
