using Relay.TestKit.Mail;
using Relay.Wire.Mime;

namespace Relay.Tests.Gateway;

/// <summary>SOAP with Attachments and MTOM through the whole gateway: values out of other parts, and an answer in the same packaging.</summary>
public sealed class AttachmentTests : IAsyncLifetime
{
    private const string Include = "<x:Include xmlns:x='http://www.w3.org/2004/08/xop/include' href='{0}'/>";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_value_may_lie_in_a_part_beside_the_envelope()
    {
        var answer = await AskAsync(Swa("<getMonth><year href='cid:year@branch.example'/><month>11</month></getMonth>"), "calendar@localhost");
        Assert.Contains("November 2003", WsdlDocument.Parts(answer).Parts[0].DecodeText(MimeLimits.Default), StringComparison.Ordinal);
        Assert.Contains("type=\"text/xml\"", answer.Field("Content-Type"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SOAP 1.1", Mails.Soap11, "text/xml")]
    [InlineData("SOAP 1.2", Mails.Soap12, "application/soap+xml")]
    public async Task A_binary_value_may_be_included_and_the_answer_is_packaged_alike(string why, string soap, string type)
    {
        Assert.NotEmpty(why);
        string id = (await _gateway.AskAsync(Mails.Pull(), "0@branch.example")).Value("SubscriptionId")!;
        string body = $"<m:Unsubscribe><m:SubscriptionId>{Include.Replace("{0}", "cid:id%40branch.example")}</m:SubscriptionId></m:Unsubscribe>";
        var answer = await AskAsync(Mtom(body, soap, type, $"Content-Transfer-Encoding: base64\nContent-ID: <id@branch.example>\n\n{id}"));
        var root = Assert.Single(WsdlDocument.Parts(answer).Parts);
        Assert.Equal("application/xop+xml", root.ContentType.MediaType);
        Assert.Equal(type, root.ContentType.Parameters["type"]);
        Assert.Contains($"start-info=\"{type}\"", answer.Field("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("NoError", root.DecodeText(MimeLimits.Default), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "a part that is not there", "cid:other@branch.example", "refers to a part that is not in the mail" },
        { "a host", "http://127.0.0.1:1/x", "refers to something that is no part of the mail" },
        { "a file", "file:///etc/passwd", "refers to something that is no part of the mail" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_cannot_be_included_is_a_fault_that_says_so(string why, string href, string says)
    {
        Assert.NotEmpty(why);
        string body = $"<m:Unsubscribe><m:SubscriptionId>{Include.Replace("{0}", href)}</m:SubscriptionId></m:Unsubscribe>";
        var answer = await AskAsync(Mtom(body, Mails.Soap11, "text/xml", "Content-ID: <id@branch.example>\n\nx"));
        string envelope = Assert.Single(WsdlDocument.Parts(answer).Parts).DecodeText(MimeLimits.Default);
        Assert.Contains("soap:Client", envelope, StringComparison.Ordinal);
        Assert.Contains(says, envelope, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_that_nothing_refers_to_are_ignored_even_when_they_hold_an_envelope()
    {
        var answer = await AskAsync(Swa(Mails.GetMonth), "calendar@localhost");
        Assert.Contains("getMonthResponse", WsdlDocument.Parts(answer).Parts[0].DecodeText(MimeLimits.Default), StringComparison.Ordinal);
    }

    private async Task<RecordedMail> AskAsync(string mail, string to = "ews@localhost")
    {
        await _gateway.SendAsync(mail, to);
        return await _gateway.Smarthost.MailAsync(answer => answer.InReplyTo == "<1>", "the answer");
    }

    // The root stands last, so that only start finds it.
    private static string Swa(string body) => Mails.Mail(
        $"""
        --b
        Content-Type: text/plain
        Content-ID: <year@branch.example>

        2003
        --b
        Content-Type: text/xml
        Content-ID: <unused@branch.example>

        {Mails.Envelope("<m:Unsubscribe/>")}
        --b
        Content-Type: text/xml; charset=utf-8
        Content-ID: <root@branch.example>

        {Mails.Envelope(body)}
        --b--
        """,
        "1",
        type: "multipart/related; type=\"text/xml\"; start=\"<root@branch.example>\"; boundary=b");

    private static string Mtom(string body, string soap, string type, string part) => Mails.Mail(
        $"""
        --b
        Content-Type: application/xop+xml; charset=utf-8; type="{type}"
        Content-Transfer-Encoding: 8bit
        Content-ID: <root@branch.example>

        {Mails.Envelope(body, soap)}
        --b
        Content-Type: application/octet-stream
        {part}
        --b--
        """,
        "1",
        type: $"multipart/related; type=\"application/xop+xml\"; start=\"<root@branch.example>\"; start-info=\"{type}\"; boundary=b");
}
