using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Wire.Tests.Mime;

/// <summary>What we write of a mail's fate, others read, and so do we.</summary>
public sealed class DeliveryReportTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Fields =
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];

    [Fact]
    public void A_report_is_written_as_RFC_3464_has_it()
    {
        string written = Encoding.UTF8.GetString(DeliveryReportWriter.Write(Report(DeliveryAction.Failed) with { EnvelopeId = "QQ 314" }));
        string boundary = written.Split("boundary=\"")[1].Split('"')[0];
        Assert.Equal(
            $"""
            From: Mail Delivery System <postmaster@gateway.example>
            To: app@branch.example
            Subject: Your mail was not delivered
            Date: Sat, 21 Nov 2026 12:00:00 +0000
            Message-ID: <r@gateway.example>
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status;
             boundary="{boundary}"
            Content-Transfer-Encoding: 7bit

            --{boundary}
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 7bit

            This is the mail system at mx.gateway.example, about a mail of yours.

            <joe@gateway.example>: not delivered (5.1.1): 550 5.1.1 no Joe here

            --{boundary}
            Content-Type: message/delivery-status
            Content-Transfer-Encoding: 7bit

            Reporting-MTA: dns; mx.gateway.example
            Original-Envelope-Id: QQ 314
            Arrival-Date: Sat, 21 Nov 2026 11:59:00 +0000

            Original-Recipient: rfc822; Joe+1@old.example
            Final-Recipient: rfc822; joe@gateway.example
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; smarthost.example
            Diagnostic-Code: smtp; 550 5.1.1 no Joe here

            --{boundary}
            Content-Type: text/rfc822-headers
            Content-Transfer-Encoding: 7bit

            Subject: Test
            Message-ID: <1@branch.example>

            --{boundary}--

            """.ReplaceLineEndings("\r\n"),
            written);
    }

    [Theory]
    [InlineData(DeliveryAction.Delivered, "2.0.0")]
    [InlineData(DeliveryAction.Relayed, "2.1.9")]
    [InlineData(DeliveryAction.Delayed, "4.4.1")]
    [InlineData(DeliveryAction.Failed, "5.1.1")]
    [InlineData(DeliveryAction.Expanded, "2.1.0")]
    public void What_is_written_is_read(DeliveryAction action, string status)
    {
        Assert.True(EnhancedStatus.TryParse(status, out var parsed));
        var report = Report(action, parsed);
        var read = Read(DeliveryReportWriter.Write(report with { EnvelopeId = "a+b=c", Recipients = [report.Recipients[0], report.Recipients[0]] }));
        Assert.Equal(("a+b=c", "<1@branch.example>", 2), (read.OriginalEnvelopeId, read.OriginalMessageId, read.Recipients.Count));
        Assert.All(read.Recipients, recipient =>
        {
            Assert.Equal((action, parsed), (recipient.Action, recipient.Status));
            Assert.Equal(("joe@gateway.example", "Joe+1@old.example"), (recipient.FinalRecipient?.ToString(), recipient.OriginalRecipient?.ToString()));
            Assert.Equal("550 5.1.1 no Joe here", recipient.Diagnostic);
        });
    }

    [Theory]
    [InlineData(256 * 1024, "message/rfc822")]
    [InlineData(256 * 1024 + 1, "text/rfc822-headers")]
    public void What_goes_back_of_a_large_mail_is_bounded(int octets, string type)
    {
        var mail = new byte[octets];
        mail.AsSpan().Fill((byte)'x');
        "Subject: large\r\n\r\n"u8.CopyTo(mail);
        var report = DeliveryReportWriter.Write(Report(DeliveryAction.Failed) with { ReturnsWhole = true, Mail = mail });
        Assert.Contains($"Content-Type: {type}\r\n", Encoding.Latin1.GetString(report), StringComparison.Ordinal);
        Assert.Equal(type == "message/rfc822", report.Length > octets);
    }

    [Theory]
    [InlineData("a failure goes back whole where that was asked", DeliveryAction.Failed, true, "message/rfc822", true)]
    [InlineData("else its header", DeliveryAction.Failed, false, "text/rfc822-headers", false)]
    [InlineData("a success never whole (RFC 3461 §4.3)", DeliveryAction.Delivered, true, "text/rfc822-headers", false)]
    [InlineData("nor a delay", DeliveryAction.Delayed, true, "text/rfc822-headers", false)]
    public void What_goes_back(string why, DeliveryAction action, bool returnsWhole, string type, bool hasBody)
    {
        var octets = DeliveryReportWriter.Write(Report(action) with { ReturnsWhole = returnsWhole });
        var mail = Mails.Read(octets);
        Assert.True(type == mail.Parts[2].ContentType.MediaType, why);
        Assert.Equal(hasBody, Encoding.ASCII.GetString(octets).Contains("the body", StringComparison.Ordinal));
    }

    public static TheoryData<string, byte[], string> OddMails => new()
    {
        { "nothing", [], "" },
        { "no body", "Subject: x\r\n"u8.ToArray(), "Subject: x\r\n" },
        { "no header", "\r\nSubject: x\r\n"u8.ToArray(), "" },
        { "a header without end", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X: 1234567890123456789012345678901234567890\r\n", 3000))), "X: 12" },
        { "a line without end", Encoding.ASCII.GetBytes("X: " + new string('x', 100_000)), "" },
    };

    [Theory]
    [MemberData(nameof(OddMails))]
    public void Odd_mails_go_back_within_bounds(string why, byte[] mail, string begins)
    {
        var written = DeliveryReportWriter.Write(Report(DeliveryAction.Failed) with { Mail = mail });
        Assert.True(written.Length < 70_000, why);
        var returned = Mails.Read(written).Parts[2];
        Assert.StartsWith(begins, Encoding.ASCII.GetString(returned.RawBody.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Beyond_ASCII_the_forms_of_RFC_6533_are_used()
    {
        Assert.True(MailAddress.TryParse("jörg@gateway.example", out var joerg));
        var report = Report(DeliveryAction.Delivered) with
        {
            Recipients = [new ReportedRecipient(joerg, DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0))],
            Mail = Encoding.UTF8.GetBytes("Subject: Grüße\r\nMessage-ID: <1@branch.example>\r\n\r\nthe body\r\n"),
        };
        var mail = Mails.Read(DeliveryReportWriter.Write(report));
        Assert.Equal(["text/plain", "message/global-delivery-status", "message/global-headers"], mail.Parts.Select(part => part.ContentType.MediaType));
        Assert.Contains("Final-Recipient: utf-8; jörg@gateway.example", Encoding.UTF8.GetString(mail.Parts[1].RawBody.Span), StringComparison.Ordinal);
        Assert.Equal("<1@branch.example>", Read(DeliveryReportWriter.Write(report)).OriginalMessageId);
    }

    [Fact]
    public void Hostile_text_makes_no_field_and_no_part() => Prop.ForAll(HostileText.Any, HostileText.Any, (first, second) =>
    {
        var report = Report(DeliveryAction.Failed);
        var written = DeliveryReportWriter.Write(report with
        {
            EnvelopeId = first,
            Recipients = [report.Recipients[0] with { OriginalRecipient = $"rfc822;{second}", Diagnostic = first, RemoteServer = second }],
            Mail = Encoding.UTF8.GetBytes(first + second),
        });
        var mail = Mails.Read(written);
        Assert.Equal(Fields, mail.Headers.Select(field => field.Name));
        Assert.Equal(3, mail.Parts.Count);
        var read = Read(written);
        Assert.Equal((DeliveryAction.Failed, "5.1.1"), (Assert.Single(read.Recipients).Action, read.Recipients[0].Status.ToString()));
        Assert.Equal("joe@gateway.example", read.Recipients[0].FinalRecipient?.ToString());
    }).QuickCheckThrowOnFailure();

    private static DeliveryStatusNotification Read(byte[] mail) =>
        DeliveryStatusNotification.Read(Mails.Read(mail), MimeLimits.Default) ?? throw new FormatException(Encoding.UTF8.GetString(mail));

    private static DeliveryReport Report(DeliveryAction action, EnhancedStatus? status = null) => new()
    {
        From = Address("postmaster@gateway.example"),
        To = Address("app@branch.example"),
        MessageId = "<r@gateway.example>",
        Date = Noon,
        ReportingServer = "mx.gateway.example",
        ArrivedAt = Noon.AddMinutes(-1),
        Recipients =
        [
            new ReportedRecipient(Address("joe@gateway.example"), action, status ?? new EnhancedStatus(5, 1, 1))
            {
                OriginalRecipient = "rfc822;Joe+1@old.example",
                RemoteServer = "smarthost.example",
                Diagnostic = "550 5.1.1 no Joe here",
            },
        ],
        Mail = "Subject: Test\r\nMessage-ID: <1@branch.example>\r\n\r\nthe body\r\n"u8.ToArray(),
    };

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
