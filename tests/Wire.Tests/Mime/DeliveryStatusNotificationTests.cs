using Relay.Wire.Mime;

namespace Relay.Wire.Tests.Mime;

public sealed class DeliveryStatusNotificationTests
{
    private const string Good = """
        Reporting-MTA: dns; mx.partner.example
        Original-Envelope-Id: sub-17

        Final-Recipient: rfc822; client@partner.example
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 no such
          user
        """;

    [Fact]
    public void A_notification_is_read()
    {
        var read = Read(Good)!;
        Assert.Equal("sub-17", read.OriginalEnvelopeId);
        Assert.Equal("<notification-17@gateway.example>", read.OriginalMessageId);
        var recipient = Assert.Single(read.Recipients);
        Assert.Equal("client@partner.example", recipient.FinalRecipient?.ToString());
        Assert.Equal(DeliveryAction.Failed, recipient.Action);
        Assert.Equal("5.1.1", recipient.Status.ToString());
        Assert.Equal("550 5.1.1 no such  user", recipient.Diagnostic);
    }

    [Theory]
    [InlineData("delayed is not failed", "Final-Recipient: rfc822; a@b.example\nAction: Delayed\nStatus: 4.4.1", "a@b.example Delayed 4.4.1")]
    [InlineData("failed after trying too long", "Final-Recipient: rfc822; a@b.example\nAction: FAILED\nStatus: 4.4.7 (expired)", "a@b.example Failed 4.4.7")]
    [InlineData("comments", "Final-Recipient: rfc822; a@b.example\nAction: failed (really)\nStatus: 5.0.0", "a@b.example Failed 5.0.0")]
    [InlineData("no action: the status tells", "Final-Recipient: rfc822; a@b.example\nStatus: 5.2.2", "a@b.example Failed 5.2.2")]
    [InlineData("no status", "Final-Recipient: rfc822; a@b.example\nAction: failed", "a@b.example Failed ")]
    [InlineData("a status that is none", "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.01.1", "a@b.example Failed ")]
    [InlineData("no type before the address", "Final-Recipient: a@b.example\nAction: failed\nStatus: 5.1.1", "a@b.example Failed 5.1.1")]
    [InlineData("brackets", "Final-Recipient: rfc822; <a@b.example>\nAction: failed\nStatus: 5.1.1", "a@b.example Failed 5.1.1")]
    [InlineData("one group for all", "Reporting-MTA: dns; x\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1", "a@b.example Failed 5.1.1")]
    [InlineData("empty lines between", "Reporting-MTA: dns; x\n\n\n\nFinal-Recipient: rfc822; a@b.example\nStatus: 5.1.1", "a@b.example Failed 5.1.1")]
    [InlineData("two recipients", "X: y\n\nFinal-Recipient: rfc822; a@b.example\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; c@d.example\nStatus: 2.0.0", "a@b.example Failed 5.1.1;c@d.example Delivered 2.0.0")]
    [InlineData("an address that is none", "Final-Recipient: rfc822; nobody at all\nStatus: 5.1.1", " Failed 5.1.1")]
    [InlineData("rubbish behind", "Final-Recipient: rfc822; a@b.example\nStatus: 5.1.1\nrubbish\nmore", "a@b.example Failed 5.1.1")]
    public void Recipients_are_read(string why, string status, string expected)
    {
        var read = Read(status.Contains("\n\n", StringComparison.Ordinal) ? status : "X: y\n\n" + status)!;
        Assert.True(expected == string.Join(';', read.Recipients.Select(r => $"{r.FinalRecipient} {r.Action} {r.Status}")), why);
    }

    [Theory]
    [InlineData("no recipient", "Reporting-MTA: dns; mx.partner.example")]
    [InlineData("empty", "")]
    public void Without_a_recipient_it_is_no_notification(string why, string status) => Assert.True(Read(status) is null, why);

    [Theory]
    [InlineData("global", "message/global-delivery-status", "")]
    [InlineData("encoded", "message/global-delivery-status", "base64")]
    public void Other_forms_of_the_report_are_read(string why, string type, string encoding)
    {
        var body = encoding == "base64" ? Convert.ToBase64String(Mails.Octets(Good)) : Good;
        var mail = $"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: {type}\nContent-Transfer-Encoding: {encoding}\n\n{body}\n--b--";
        Assert.True(DeliveryStatusNotification.Read(Mails.Read(mail), MimeLimits.Default)?.Recipients.Count == 1, why);
    }

    [Theory]
    [InlineData("qmail", "Hi. This is the qmail-send program at x.\n\n<a@b.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n", "a@b.example Failed 5.1.1")]
    [InlineData("an SMTP reply", "The host said: 550 5.7.1 rejected", " Failed 5.7.1")]
    [InlineData("a reply without a status", "The host said: 452 try later", " Delayed ")]
    [InlineData("an address of a host is no status", "from 5.4.3.2 to you", null)]
    [InlineData("nothing", "Your mail was great.", null)]
    public void Prose_is_guessed_from(string why, string text, string? expected)
    {
        var read = DeliveryStatusNotification.Read(Mails.Read("Content-Type: text/plain\n\n" + text), MimeLimits.Default);
        Assert.True(expected == (read is null ? null : read.Recipients.Select(r => $"{r.FinalRecipient} {r.Action} {r.Status}").Single()), why);
    }

    private static DeliveryStatusNotification? Read(string status) => DeliveryStatusNotification.Read(
        Mails.Read($"""
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b

            Undeliverable.
            --b
            Content-Type: message/delivery-status

            {status}
            --b
            Content-Type: text/rfc822-headers

            Message-ID: <notification-17@gateway.example>
            --b--
            """),
        MimeLimits.Default);
}
