namespace Relay.Tests.Gateway;

/// <summary>Requests in whatever layout programs send them, and answers in the same.</summary>
public sealed class LayoutTests
{
    private static readonly string Envelope = Mails.Envelope(Mails.GetMonth);

    public static TheoryData<string, string?, string, string> Layouts => new()
    {
        { "flat", "text/xml; charset=utf-8", Envelope, "text/xml" },
        { "flat, as SOAP 1.2 has it", "application/soap+xml", Mails.Envelope(Mails.GetMonth, Mails.Soap12), "application/soap+xml" },
        { "a person's text around it", "text/plain", $"Dear relay,\n\n{Envelope}\n\n-- \nAnn", "text/xml" },
        { "no type at all", null, Envelope, "text/xml" },
        { "an attachment", "multipart/mixed; boundary=b", $"--b\n\nsee below\n--b\nContent-Type: application/xml\n\n{Envelope}\n--b--", "multipart/mixed" },
        {
            "the root of a package", "multipart/related; boundary=b; type=\"text/xml\"; start=\"<r>\"",
            $"--b\nContent-Type: image/png\nContent-ID: <i>\n\nx\n--b\nContent-Type: text/xml\nContent-ID: <r>\n\n{Envelope}\n--b--", "multipart/related"
        },
        {
            "packaged with XOP", "multipart/related; boundary=b; type=\"application/xop+xml\"; start=\"<r>\"; start-info=\"text/xml\"",
            $"--b\nContent-Type: application/xop+xml; type=\"text/xml\"\nContent-ID: <r>\n\n{Envelope}\n--b--", "multipart/related"
        },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task An_answer_has_the_layout_of_its_request(string why, string? type, string content, string answered)
    {
        Assert.NotEmpty(why);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SendAsync(Mails.Mail(content, "1", type: type), "calendar@localhost");
        var answer = await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the answer");
        Assert.StartsWith(answered, answer.Field("Content-Type"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allowed", "true", "getMonthResponse")]
    [InlineData("not allowed", "false", "Fault")]
    public async Task A_bare_payload_is_a_request_where_the_address_allows_it(string why, string allowed, string answered)
    {
        Assert.NotEmpty(why);
        await using var gateway = await TestGateway.StartAsync(
            ("Services:0:Address", "calendar@localhost"), ("Services:0:Service", "Calendar"), ("Services:0:BarePayload", allowed));
        await gateway.SendAsync(Mails.Mail(Mails.GetMonth, "1"), "calendar@localhost");
        var answer = await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the answer");
        Assert.Equal(answered, answer.Operation().Name.LocalName);
    }
}
