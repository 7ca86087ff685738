using System.Text;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Tests.Gateway;

/// <summary>The text for people beside the envelope, where the entry asks for it and a mail program sent the request.</summary>
public sealed class ReadablePartTests : IAsyncLifetime
{
    private const string Thunderbird = "User-Agent: Mozilla Thunderbird\n";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await StartAsync("true");

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    public static TheoryData<string, string, string> Bodies => new()
    {
        { "a month, as it is", Mails.GetMonth.Replace("2026", "2003", StringComparison.Ordinal), "   November 2003\nMo Tu We Th Fr Sa Su\n" },
        { "a subscription and its id", Mails.Push(), "You are subscribed. Unsubscribe and GetEvents need these:\n\n  SubscriptionId: " },
        { "an error of Exchange's kind", Mails.GetEvents("bm9uZQ==", "bm9uZQ=="), "Your request was refused: " },
        { "an end that finds nothing", Mails.Unsubscribe("bm9uZQ=="), "(ErrorSubscriptionNotFound)\n" },
        { "any other answer", "<r:Ping xmlns:r='urn:soap-relay:v1'/>", "PingResponse:\n\n  Version: " },
        { "a fault", "<m:Frobnicate/>", "Your request was not carried out. The request is invalid. Frobnicate is not an operation" },
        { "a schema violation", Mails.Pull(period: ""), "Please mend it and send it again.\n" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_person_can_read_every_answer(string why, string body, string text)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(
            Mails.Request(body, "1", fields: Thunderbird, type: "text/plain; charset=utf-8"), body.Contains("getMonth") ? "calendar@localhost" : "ews@localhost");
        var mail = await AnswerAsync(_gateway);
        Assert.Equal("multipart/alternative", mail.ContentType.MediaType);
        Assert.Equal(["text/plain", "text/xml"], mail.Parts.Select(part => part.ContentType.MediaType)); // the last is what programs take
        Assert.Contains(text, Text(mail.Parts[0]).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal("Envelope", SafeXml.Load(Text(mail.Parts[1])).Name.LocalName);
    }

    [Fact]
    public async Task Events_are_listed()
    {
        string id = (await _gateway.AskAsync(Mails.Push(), "1@branch.example")).Value("SubscriptionId")!;
        string watermark = _gateway.Smarthost.Mails[^1].Value("Watermark")!;
        await _gateway.StreamingAsync();
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "a notification");
        await _gateway.SendAsync(Mails.Request(Mails.GetEvents(id, watermark), "2", fields: Thunderbird));
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2>", "the events");
        string text = Text(WsdlDocument.Parts(answer).Parts[0]).ReplaceLineEndings("\n");
        Assert.StartsWith("NewMail:\n  Watermark: ", text, StringComparison.Ordinal);
        Assert.Contains("\n  ItemId: ", text, StringComparison.Ordinal);
        Assert.Contains("There are no more for now.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_of_a_stream_can_be_read()
    {
        string id = (await _gateway.AskAsync(Mails.Streaming(), "1@branch.example")).Value("SubscriptionId")!;
        await _gateway.SendAsync(Mails.Request(Mails.GetStreamingEvents(5, id), "2", fields: Thunderbird));
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2>", "OK");
        await _gateway.StreamingAsync();
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2>" && mail.Field("Relay-Sequence") == "1", "the event");
        await _gateway.SettledAsync();
        _gateway.Pass(TimeSpan.FromMinutes(6));
        await _gateway.Smarthost.MailsAsync(4);

        var texts = _gateway.Smarthost.Mails.Where(mail => mail.InReplyTo == "<2>").Select(WsdlDocument.Parts).ToList();
        Assert.All(texts, mail => Assert.Equal(["text/plain", "text/xml"], mail.Parts.Select(part => part.ContentType.MediaType)));
        Assert.Collection(
            texts.Select(mail => Text(mail.Parts[0]).ReplaceLineEndings("\n")),
            first => Assert.StartsWith("The stream is open. ", first, StringComparison.Ordinal),
            second => Assert.Matches("^NewMail:\n(  .*\n)*  ItemId: ", second),
            third => Assert.StartsWith("The stream is closed: ", third, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_mailbox_holds_is_listed_as_far_as_a_person_reads()
    {
        await _gateway.RestartAsync(("Access:Subscribers:0:Operations", "*"), ("Access:Subscribers:0:DefaultMailbox", "ann@corp.example"));
        var item = _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example", new string('x', 3000));
        string request = $"<m:GetItem><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape><m:ItemIds><t:ItemId Id='none'/><t:ItemId Id='{item.Id}'/></m:ItemIds></m:GetItem>";
        await _gateway.SendAsync(Mails.Request(request, "1", fields: Thunderbird));
        string text = Text((await AnswerAsync(_gateway)).Parts[0]).ReplaceLineEndings("\n");
        Assert.Contains("  MessageText: Id is malformed.\n", text, StringComparison.Ordinal);
        Assert.Contains("  Subject: Order 1\n", text, StringComparison.Ordinal);
        Assert.Contains("  Body: (3000 characters)\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an attachment is answered with an attachment below the text", "multipart/mixed; boundary=b", "--b\n\nsee below\n--b\nContent-Type: application/xml\n\n{0}\n--b--", "multipart/mixed", 2)]
    [InlineData("a page in HTML says that a person wrote it", "multipart/alternative; boundary=b", "--b\n\n{0}\n--b\nContent-Type: text/html\n\n<p>x\n--b--", "multipart/alternative", 2)]
    [InlineData("a package is between programs", "multipart/related; boundary=b", "--b\nContent-Type: text/xml\n\n{0}\n--b--", "multipart/related", 1)]
    public async Task The_text_follows_the_layout(string why, string type, string content, string answered, int parts)
    {
        Assert.NotEmpty(why);
        string fields = type.Contains("alternative", StringComparison.Ordinal) ? "" : Thunderbird;
        await _gateway.SendAsync(Mails.Mail(content.Replace("{0}", Mails.Envelope(Mails.GetMonth)), "1", fields, type), "calendar@localhost");
        var mail = await AnswerAsync(_gateway);
        Assert.Equal(answered, mail.ContentType.MediaType);
        Assert.Equal(parts, mail.Parts.Count);
    }

    [Theory]
    [InlineData("the request came from a library", "true", "X-Mailer: MIME::Lite 3.033\n")]
    [InlineData("nothing says what sent the request", "true", "")]
    [InlineData("the entry does not ask for it", "false", Thunderbird)]
    public async Task Without_a_reader_there_is_no_text(string why, string setting, string fields)
    {
        Assert.NotEmpty(why);
        await using var gateway = await StartAsync(setting);
        await gateway.SendAsync(Mails.Request(Mails.GetMonth, "1", fields: fields), "calendar@localhost");
        Assert.Equal("text/xml", (await AnswerAsync(gateway)).ContentType.MediaType);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_read_is_answered_so_too()
    {
        await _gateway.SendAsync(
            Mails.Mail("--b\nContent-Type: text/xml\nContent-Transfer-Encoding: base64\n\n!!!!\n--b--", "1", Thunderbird, "multipart/mixed; boundary=b"));
        var mail = await AnswerAsync(_gateway);
        Assert.Equal("multipart/alternative", mail.ContentType.MediaType);
        Assert.StartsWith("Your request was not carried out. ", Text(mail.Parts[0]), StringComparison.Ordinal);
    }

    private static Task<TestGateway> StartAsync(string readable) => TestGateway.StartAsync(
        ("Access:Subscribers:0:Address", "*"), ("Access:Subscribers:0:Networks", "127.0.0.0/8"), ("Access:Subscribers:0:Mailboxes", "*"),
        ("Access:Subscribers:0:ReadablePart", readable));

    private static async Task<MimeEntity> AnswerAsync(TestGateway gateway) =>
        WsdlDocument.Parts(await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the answer"));

    private static string Text(MimeEntity part) =>
        Encoding.UTF8.GetString(Assert.IsType<MimeDecodeResult.Decoded>(part.Decode(MimeLimits.Default)).Octets.Span);
}
