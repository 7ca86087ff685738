using System.Globalization;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Mime;

namespace Relay.Tests.Gateway;

/// <summary>What senders are told of their mail, where they ask for it (RFC 3461): delivered here, passed on, refused further on, late.</summary>
public sealed class DeliveryReportTests
{
    private const string Month = "calendar@localhost";
    private const string Person = "joe@localhost";

    private static readonly (string, string) Forward = ("Forward:Unknown", "Smarthost");

    [Fact]
    public async Task A_request_for_which_success_was_asked_is_reported_delivered()
    {
        await using var gateway = await TestGateway.StartAsync();
        await SendAsync(gateway, "RET=HDRS ENVID=QQ+2B314", ($"{Month}", "NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Cal+2Bx@old.example"));

        var (mail, report) = await ReportAsync(gateway.Smarthost);

        Assert.Equal(("", "app@branch.example", "postmaster@localhost"), (mail.Sender, mail.Recipient, mail.Field("From")!.Split('<', '>')[1]));
        Assert.Equal("auto-replied", mail.Field("Auto-Submitted"));
        Assert.Equal("QQ+314", report.OriginalEnvelopeId);
        Assert.Equal("<1@branch.example>", report.OriginalMessageId);
        var recipient = Assert.Single(report.Recipients);
        Assert.Equal((Month, "Cal+x@old.example"), (recipient.FinalRecipient?.ToString(), recipient.OriginalRecipient?.ToString()));
        Assert.Equal((DeliveryAction.Delivered, "2.0.0"), (recipient.Action, recipient.Status.ToString()));
        Assert.DoesNotContain("getMonth", mail.Text, StringComparison.Ordinal);
        await gateway.Smarthost.MailAsync(answer => answer.InReplyTo == "<1@branch.example>", "the answer beside it");
    }

    [Fact]
    public async Task The_whole_mail_does_not_go_back_with_a_success_though_RET_says_FULL()
    {
        await using var gateway = await TestGateway.StartAsync();
        await SendAsync(gateway, "RET=FULL", (Month, "NOTIFY=SUCCESS"));
        var (mail, _) = await ReportAsync(gateway.Smarthost);
        Assert.Contains("text/rfc822-headers", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("getMonth", mail.Text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, string> Silent => new()
    {
        { "nobody asked", "app@branch.example", "", "" },
        { "NEVER", "app@branch.example", "RET=FULL ENVID=x", "NOTIFY=NEVER" },
        { "failures only", "app@branch.example", "", "NOTIFY=FAILURE,DELAY" },
        { "nobody to tell", "", "", "NOTIFY=SUCCESS" },
    };

    [Theory]
    [MemberData(nameof(Silent))]
    public async Task Nothing_is_told_where(string why, string from, string mailParameters, string parameters)
    {
        await using var gateway = await TestGateway.StartAsync(Forward);
        await SendAsync(gateway, mailParameters, from, (Month, parameters), (Person, parameters));
        await gateway.SettledAsync();
        Assert.True(!gateway.Smarthost.Mails.Any(IsReport), why);
        await gateway.Smarthost.MailAsync(mail => mail.Recipient == Person, "the forwarded mail");
    }

    [Fact]
    public async Task Each_recipient_is_told_of_by_its_own_wish_in_one_report()
    {
        await using var gateway = await TestGateway.StartAsync();
        await SendAsync(gateway, "", (Month, "NOTIFY=SUCCESS"), ("ews@localhost", "NOTIFY=NEVER"), ("help@localhost", "NOTIFY=SUCCESS"));
        var (_, report) = await ReportAsync(gateway.Smarthost);
        Assert.Equal([Month, "help@localhost"], report.Recipients.Select(recipient => recipient.FinalRecipient?.ToString()));
        await gateway.SettledAsync();
        Assert.Single(gateway.Smarthost.Mails, IsReport);
    }

    [Fact]
    public async Task What_is_asked_goes_on_to_a_smarthost_that_can_tell()
    {
        await using var gateway = await TestGateway.StartAsync(Forward);
        await SendAsync(gateway, "RET=FULL ENVID=a+2Bb", (Person, "NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Joe+2B1@old.example"), ("postmaster@localhost", ""));

        var joe = await gateway.Smarthost.MailAsync(mail => mail.Recipient == Person, "the mail to a person");
        var postmaster = await gateway.Smarthost.MailAsync(mail => mail.Recipient == "postmaster@localhost", "the mail to the postmaster");

        Assert.Contains("RET=FULL ENVID=a+2Bb", joe.SenderParameters, StringComparison.Ordinal);
        Assert.Equal("NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Joe+2B1@old.example", joe.Recipients[0].Parameters);
        Assert.Equal("", postmaster.Recipients[0].Parameters);
        Assert.Equal("app@branch.example", joe.Sender);
        await gateway.SettledAsync();
        Assert.DoesNotContain(gateway.Smarthost.Mails, IsReport);
    }

    [Theory]
    [InlineData("success was asked", "NOTIFY=SUCCESS", "app@branch.example", true)]
    [InlineData("nothing was", "", "app@branch.example", false)]
    [InlineData("nothing is to be told, whatever happens further on", "NOTIFY=NEVER", "", false)]
    public async Task A_smarthost_that_cannot_tell_is_told_for(string why, string parameters, string sender, bool isTold)
    {
        await using var plain = RecordingMailServer.Start(new RecordingMailServerOptions { Extensions = ["PIPELINING", "8BITMIME"] });
        await using var gateway = await TestGateway.StartAsync(Forward, Port(plain));
        await SendAsync(gateway, "RET=HDRS ENVID=x", (Person, parameters));

        var mail = await plain.MailAsync(mail => mail.Recipient == Person, "the mail");
        Assert.Equal("", mail.Recipients[0].Parameters);
        Assert.DoesNotContain("ENVID", mail.SenderParameters, StringComparison.Ordinal);
        Assert.True(sender == mail.Sender, why);
        await gateway.SettledAsync();
        if (isTold)
        {
            var (_, report) = await ReportAsync(plain);
            Assert.Equal((DeliveryAction.Relayed, "2.1.9"), (report.Recipients[0].Action, report.Recipients[0].Status.ToString()));
        }

        Assert.Equal(isTold ? 2 : 1, plain.Mails.Count);
    }

    [Theory]
    [InlineData("nothing was asked", "", "", true)]
    [InlineData("failures were", "RET=FULL", "NOTIFY=FAILURE", true)]
    [InlineData("only successes were", "", "NOTIFY=SUCCESS", false)]
    [InlineData("nothing is to be told", "", "NOTIFY=NEVER", false)]
    public async Task A_forwarded_mail_that_is_refused_comes_back(string why, string mailParameters, string parameters, bool isTold)
    {
        await using var gateway = await TestGateway.StartAsync(Forward);
        gateway.Smarthost.ForRecipient(Person, new MailServerOrder.Answer("550 5.1.1 no Joe here"));
        await SendAsync(gateway, mailParameters, (Person, parameters));
        if (!isTold)
        {
            await gateway.SettledAsync();
            Assert.True(gateway.Smarthost.Mails.Count == 0, why);
            return;
        }

        var (mail, report) = await ReportAsync(gateway.Smarthost);
        var recipient = Assert.Single(report.Recipients);
        Assert.Equal((DeliveryAction.Failed, "5.1.1", "550 5.1.1 no Joe here"), (recipient.Action, recipient.Status.ToString(), recipient.Diagnostic));
        Assert.True(mail.Text.Contains("getMonth", StringComparison.Ordinal) == (mailParameters == "RET=FULL"), why);
        Assert.Equal("<1@branch.example>", report.OriginalMessageId);
        await gateway.SettledAsync();
        Assert.Single(gateway.Smarthost.Mails);
    }

    [Fact]
    public async Task A_forwarded_mail_that_was_tried_for_too_long_comes_back()
    {
        await using var gateway = await TestGateway.StartAsync(Forward, ("Delivery:GiveUp", "00:00:02"));
        gateway.Smarthost.ForRecipient(Person, new MailServerOrder.Answer("450 4.2.1 not now"));
        await SendAsync(gateway, "", (Person, ""));
        var (_, report) = await ReportAsync(gateway.Smarthost);
        Assert.Equal((DeliveryAction.Failed, "4.2.1"), (report.Recipients[0].Action, report.Recipients[0].Status.ToString()));
    }

    [Fact]
    public async Task A_delay_is_told_once_to_who_asked_for_it_and_a_success_all_the_same()
    {
        await using var gateway = await TestGateway.StartAsync(Forward, ("Delivery:DelayReport", "00:00:01"));
        gateway.Smarthost.ForRecipient(Person, new MailServerOrder.Answer("450 4.2.1 not now"));
        gateway.Smarthost.ForRecipient("abuse@localhost", new MailServerOrder.Answer("450 4.2.1 not now"));
        await SendAsync(gateway, "ENVID=x", (Person, "NOTIFY=DELAY"), ("abuse@localhost", "NOTIFY=FAILURE"));

        var (mail, report) = await ReportAsync(gateway.Smarthost);
        Assert.Equal((DeliveryAction.Delayed, Person), (Assert.Single(report.Recipients).Action, report.Recipients[0].FinalRecipient?.ToString()));
        Assert.Contains("Will-Retry-Until: ", mail.Text, StringComparison.Ordinal);
        var waiting = gateway.Store.Read(t => t.Outbox.List(null, 0, 10)).First(entry => entry.Recipient == Person);
        await Eventually.TrueAsync(() => gateway.Store.Read(t => t.Outbox.Find(waiting.Id))!.Attempts > waiting.Attempts, "another attempt");
        gateway.Smarthost.ForRecipient(Person, null);
        gateway.Smarthost.ForRecipient("abuse@localhost", null);
        await gateway.Smarthost.MailAsync(forwarded => forwarded.Recipient == Person, "the mail in the end", TimeSpan.FromSeconds(30));
        await gateway.SettledAsync();
        Assert.Single(gateway.Smarthost.Mails, IsReport);
    }

    [Fact]
    public async Task A_report_is_made_once_however_often_the_mail_is_handled()
    {
        await using var gateway = await TestGateway.StartAsync();
        await SendAsync(gateway, "", (Month, "NOTIFY=SUCCESS"));
        await ReportAsync(gateway.Smarthost);
        await gateway.SettledAsync();
        await gateway.RestartAsync();
        await SendAsync(gateway, "", (Month, ""));
        await gateway.Smarthost.MailsAsync(3);
        await gateway.SettledAsync();
        Assert.Single(gateway.Smarthost.Mails, IsReport);
    }

    [Fact]
    public async Task A_mail_that_goes_round_comes_back_and_a_report_that_does_ends_there()
    {
        await using var gateway = await TestGateway.StartAsync(Forward);
        string stamps = string.Concat(Enumerable.Repeat("Received: from a by b; Sat, 21 Nov 2026 12:00:00 +0000\n", 31));
        await SendAsync(gateway, "", "app@branch.example", stamps, (Person, ""));
        var (_, report) = await ReportAsync(gateway.Smarthost);
        Assert.Equal((DeliveryAction.Failed, "5.4.6"), (report.Recipients[0].Action, report.Recipients[0].Status.ToString()));

        await SendAsync(gateway, "", "", stamps, (Person, ""));
        await gateway.SettledAsync();
        Assert.Single(gateway.Smarthost.Mails);
    }

    [Theory]
    [InlineData("", "10.1.2.3", true)]
    [InlineData("", "fd00::1", true)]
    [InlineData("", "198.51.100.7", false)]
    [InlineData("198.51.100.0/24", "198.51.100.7", true)]
    [InlineData("0.0.0.0/0", "198.51.100.7", true)]
    public async Task Reports_are_offered_to_those_who_are_near_or_named(string networks, string client, bool isOffered)
    {
        await using var gateway = await TestGateway.StartAsync(
            [("Smtp:Listeners:0:XclientNetworks:0", "127.0.0.0/8"), .. networks.Length == 0 ? Array.Empty<(string, string)>() : [("Smtp:DsnNetworks:0", networks)]]);
        await using var dialogue = await SmtpDialogue.ConnectAsync(gateway.Port);
        await dialogue.CommandAsync($"XCLIENT ADDR={(client.Contains(':', StringComparison.Ordinal) ? "IPV6:" : "")}{client}");
        Assert.Equal(isOffered, (await dialogue.CommandAsync("EHLO c.example")).Contains("DSN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Strangers_are_not_offered_reports_where_networks_are_named()
    {
        await using var gateway = await TestGateway.StartAsync(("Smtp:DsnNetworks:0", "192.0.2.0/24"));
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.DoesNotContain("DSN", await client.CommandAsync("EHLO c.example"), StringComparison.Ordinal);
        Assert.StartsWith("555 5.5.4", await client.CommandAsync("MAIL FROM:<app@branch.example> RET=FULL"), StringComparison.Ordinal);
        await client.CommandAsync("MAIL FROM:<app@branch.example>");
        Assert.StartsWith("555 5.5.4", await client.CommandAsync($"RCPT TO:<{Month}> NOTIFY=SUCCESS"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_Postfix_takes_our_report_as_one_and_sends_it_on()
    {
        Assert.SkipWhen(PostfixInstance.Absence is not null, PostfixInstance.Absence ?? "");
        int port = FreePort.Next();
        await using var gateway = await TestGateway.StartAsync(Forward, ("Delivery:Smarthost:Port", port.ToString(CultureInfo.InvariantCulture)));
        await using var postfix = await PostfixInstance.StartAsync($"smtp:[127.0.0.1]:{gateway.Smarthost.Port}", port);
        await SendAsync(gateway, "RET=HDRS ENVID=live-1", (Month, "NOTIFY=SUCCESS"), (Person, "NOTIFY=SUCCESS"));

        var (_, delivered) = await ReportAsync(gateway.Smarthost, report => report.Recipients[0].FinalRecipient?.ToString() == Month);
        Assert.Equal(("live-1", DeliveryAction.Delivered), (delivered.OriginalEnvelopeId, delivered.Recipients[0].Action));
        // Postfix offers DSN, so it was told what the sender wants, and passes it on: the recorder at its end offers DSN too.
        var joe = await gateway.Smarthost.MailAsync(mail => mail.Recipient == Person, $"the forwarded mail; Postfix: {postfix.Log}");
        Assert.Contains("ENVID=live-1", joe.SenderParameters, StringComparison.Ordinal);
        Assert.Contains("NOTIFY=SUCCESS", joe.Recipients[0].Parameters, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pythons_smtplib_asks_for_a_report_and_Pythons_email_reads_it()
    {
        Assert.SkipUnless(Peers.Find("python3") is not null, Peers.Missing("python3"));
        await using var gateway = await TestGateway.StartAsync();
        const string Send = "import smtplib,sys; smtplib.SMTP('127.0.0.1', int(sys.argv[1])).sendmail('app@branch.example', ['calendar@localhost'],"
            + " 'Message-ID: <1@branch.example>\\r\\n\\r\\nhello\\r\\n', ['RET=FULL', 'ENVID=py-1'], ['NOTIFY=SUCCESS,FAILURE'])";
        await using var send = RunningProgram.Start(Peers.Find("python3")!, "-c", Send, gateway.Port.ToString(CultureInfo.InvariantCulture));
        Assert.True(await send.ExitAsync() == 0, send.Transcript);

        var (mail, _) = await ReportAsync(gateway.Smarthost);
        const string Read = "import email,sys; m=email.message_from_bytes(sys.stdin.buffer.read()); s=m.get_payload()[1].get_payload();"
            + " print(m.get_content_type(), s[0]['Original-Envelope-Id'], s[1]['Action'], s[1]['Status'], len(m.get_payload()))";
        await using var read = RunningProgram.Start(new ProgramStart(Peers.Find("python3")!) { Arguments = ["-c", Read], Input = mail.Content.ToArray() });
        Assert.True(await read.ExitAsync() == 0, read.Transcript);
        Assert.Equal("multipart/report py-1 delivered 2.0.0 3", read.Output.Trim());
    }

    private static bool IsReport(RecordedMail mail) => mail.Field("Content-Type")?.StartsWith("multipart/report", StringComparison.Ordinal) == true;

    private static (string, string) Port(RecordingMailServer server) => ("Delivery:Smarthost:Port", server.Port.ToString(CultureInfo.InvariantCulture));

    private static async Task<(RecordedMail Mail, DeliveryStatusNotification Report)> ReportAsync(
        RecordingMailServer server, Func<DeliveryStatusNotification, bool>? which = null)
    {
        var mail = await server.MailAsync(mail => IsReport(mail) && (which is null || which(Read(mail))), "the report", TimeSpan.FromSeconds(30));
        Assert.Equal(MailKind.Bounce, MailClassifier.Classify(true, Parsed(mail).Headers).Kind);
        return (mail, Read(mail));
    }

    private static DeliveryStatusNotification Read(RecordedMail mail) =>
        DeliveryStatusNotification.Read(Parsed(mail), MimeLimits.Default) ?? throw new FormatException(mail.Text);

    private static MimeEntity Parsed(RecordedMail mail) => Assert.IsType<MimeReadResult.Read>(MimeReader.Read(mail.Content, MimeLimits.Default)).Root;

    private static Task SendAsync(TestGateway gateway, string mailParameters, params (string Address, string Parameters)[] recipients) =>
        SendAsync(gateway, mailParameters, "app@branch.example", recipients);

    private static Task SendAsync(TestGateway gateway, string mailParameters, string from, params (string Address, string Parameters)[] recipients) =>
        SendAsync(gateway, mailParameters, from, "", recipients);

    private static async Task SendAsync(
        TestGateway gateway, string mailParameters, string from, string above, params (string Address, string Parameters)[] recipients)
    {
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.StartsWith("250", await client.CommandAsync($"MAIL FROM:<{from}> {mailParameters}".TrimEnd()), StringComparison.Ordinal);
        foreach (var (address, parameters) in recipients)
        {
            Assert.StartsWith("250", await client.CommandAsync($"RCPT TO:<{address}> {parameters}".TrimEnd()), StringComparison.Ordinal);
        }

        Assert.StartsWith("354", await client.CommandAsync("DATA"), StringComparison.Ordinal);
        string mail = above + Mails.Request(Mails.GetMonth, "1@branch.example");
        Assert.StartsWith("250", await client.CommandAsync(mail.ReplaceLineEndings("\r\n").TrimEnd() + "\r\n."), StringComparison.Ordinal);
    }
}
