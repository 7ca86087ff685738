namespace Relay.Tests.Gateway;

public sealed class AccessTests
{
    private static readonly (string, string)[] Branch =
    [
        ("Access:Subscribers:0:Address", "*@branch.example"),
        ("Access:Subscribers:0:Networks", "127.0.0.0/8"),
        ("Access:Subscribers:0:Mailboxes", "*@corp.example"),
    ];

    [Fact]
    public async Task A_client_of_a_foreign_network_is_refused_in_the_dialogue()
    {
        await using var gateway = await TestGateway.StartAsync(
            ("Access:Subscribers:0:Address", "*"), ("Access:Subscribers:0:Networks", "192.0.2.0/24"), ("Access:Subscribers:0:Mailboxes", "*"));
        Assert.StartsWith("550 5.7.1", await gateway.SendAsync(Mails.Request(Mails.Push(), "1")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_no_entry_is_denied()
    {
        await using var gateway = await TestGateway.StartAsync(Branch);
        string mail = Mails.Request(Mails.Push(), "1").Replace("From: app@branch.example", "From: app@other.example", StringComparison.Ordinal);
        await gateway.SendAsync(mail, from: "app@other.example");
        var answer = await gateway.Smarthost.MailAsync(_ => true, "a fault");
        Assert.Equal("ErrorAccessDenied", answer.Value("ResponseCode"));
    }

    [Fact]
    public async Task A_mail_that_another_server_stamped_is_not_proven_by_its_last_hop_and_nobody_is_told()
    {
        await using var gateway = await TestGateway.StartAsync(Branch);
        await gateway.SendAsync("Received: from x by y; Sat, 21 Nov 2026 12:00:00 +0000\n" + Mails.Request(Mails.Push(), "1"));
        await gateway.SettledAsync();
        Assert.Empty(gateway.Smarthost.Mails);
        Assert.StartsWith("denied", Assert.Single(gateway.Outcomes()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a mailbox that the entry does not allow", "eve@secret.example", "ErrorAccessDenied")]
    [InlineData("one that it allows", "ann@corp.example", "NoError")]
    public async Task An_entry_names_the_mailboxes(string why, string mailbox, string code)
    {
        Assert.NotEmpty(why);
        await using var gateway = await TestGateway.StartAsync(Branch);
        var answer = await gateway.AskAsync(Mails.Push(folders: Mails.Folders(mailbox: mailbox)), "1@branch.example");
        Assert.Equal(code, answer.Value("ResponseCode"));
    }

    [Fact]
    public async Task An_entry_names_the_operations()
    {
        await using var gateway = await TestGateway.StartAsync([.. Branch, ("Access:Subscribers:0:Operations", "GetEvents")]);
        var answer = await gateway.AskAsync(Mails.Push(), "1@branch.example");
        Assert.Equal("ErrorAccessDenied", answer.Value("ResponseCode"));
    }

    [Fact]
    public async Task Answers_do_not_go_where_the_entry_does_not_allow()
    {
        await using var gateway = await TestGateway.StartAsync(Branch);
        var fault = await gateway.AskAsync(Mails.GetMonth, "1@branch.example", "calendar@localhost", "Reply-To: victim@else.example\n");
        Assert.Equal("app@branch.example", fault.Recipient);
        Assert.Equal("Fault", fault.Operation().Name.LocalName);
        var allowed = await gateway.AskAsync(Mails.GetMonth, "2@branch.example", "calendar@localhost", "Reply-To: other@branch.example\n");
        Assert.Equal("other@branch.example", allowed.Recipient);
    }

    [Fact]
    public async Task Cc_gets_nothing()
    {
        await using var gateway = await TestGateway.StartAsync(Branch);
        var answer = await gateway.AskAsync(Mails.GetMonth, "1@branch.example", "calendar@localhost", "Cc: other@branch.example\n");
        Assert.Equal("app@branch.example", answer.Recipient);
        Assert.Null(answer.Field("Cc"));
    }

    [Fact]
    public async Task A_subscription_belongs_to_the_address_that_asked_for_it()
    {
        await using var gateway = await TestGateway.StartAsync(Branch);
        string id = (await gateway.AskAsync(Mails.Pull(), "1@branch.example")).Value("SubscriptionId")!;
        string theft = Mails.Request(Mails.Unsubscribe(id), "2@branch.example").Replace("From: app@", "From: thief@", StringComparison.Ordinal);
        await gateway.SendAsync(theft);
        var answer = await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2@branch.example>", "an answer");
        Assert.Equal("ErrorSubscriptionAccessDenied", answer.Value("ResponseCode"));
    }

    [Fact]
    public async Task Mail_to_the_postmaster_goes_on_to_the_smarthost()
    {
        await using var gateway = await TestGateway.StartAsync(Branch);
        await gateway.SendAsync(Mails.Mail("Help!", "1@where.example", type: "text/plain"), "postmaster@localhost", "anybody@where.example");
        var mail = await gateway.Smarthost.MailAsync(_ => true, "the mail");
        Assert.Equal("postmaster@localhost", mail.Recipient);
        Assert.Equal("anybody@where.example", mail.Sender);
        Assert.Contains("Help!", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Reject", "550 5.1.1")]
    [InlineData("Smarthost", "250 2.0.0")]
    public async Task Mail_to_our_domains_that_is_for_no_service_is_refused_or_passed_on(string setting, string reply)
    {
        await using var gateway = await TestGateway.StartAsync([.. Branch, ("Forward:Unknown", setting)]);
        const string Mail = "From: ann@where.example\nTo: joe@localhost\nSubject: =?utf-8?q?as_it_came?=\n\n\tbody  \n.dot\n";
        Assert.StartsWith(reply, await gateway.SendAsync(Mail, "joe@localhost", "ann@where.example"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.1", await gateway.SendAsync(Mail, "joe@else.example", "ann@where.example"), StringComparison.Ordinal);
        if (setting == "Smarthost")
        {
            var mail = await gateway.Smarthost.MailAsync(_ => true, "the mail");
            Assert.Equal(("joe@localhost", "ann@where.example"), (mail.Recipient, mail.Sender));
            Assert.StartsWith("Received: from branch.example ([127.0.0.1])", mail.Text, StringComparison.Ordinal);
            Assert.EndsWith(Mail.ReplaceLineEndings("\r\n"), mail.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a service is the end of the way", "ews@localhost", "app@branch.example", "Return-Path: <app@branch.example>\r\nReceived: from ")]
    [InlineData("the null reverse-path", "ews@localhost", null, "Return-Path: <>\r\nReceived: from ")]
    [InlineData("two services", "ews@localhost,calendar@localhost", "app@branch.example", "Return-Path: <app@branch.example>\r\nReceived: from ")]
    [InlineData("what goes on to the postmaster's server is stamped there", "postmaster@localhost", "app@branch.example", "Received: from ")]
    [InlineData("in part at least", "ews@localhost,postmaster@localhost", "app@branch.example", "Received: from ")]
    public async Task Return_Path_is_stamped_once_where_a_mail_ends(string why, string to, string? from, string beginning)
    {
        await using var gateway = await TestGateway.StartAsync(Branch);
        await gateway.SendAsync(Mails.Request(Mails.GetMonth, "1@branch.example"), to, from);
        await gateway.SettledAsync();
        string text = System.Text.Encoding.Latin1.GetString(gateway.Store.MailFiles.Load(gateway.Store.Read(t => t.Spool.Content(1))!).Span);
        Assert.True(text.StartsWith(beginning, StringComparison.Ordinal), $"{why}: {text}");
        Assert.Single(text.Split("Received: ").Skip(1));
    }

    [Theory]
    [InlineData("one that somebody wrote", "Return-Path: <evil@else.example>\n", "")]
    [InlineData("several, in any case, folded, with blanks before the colon", "RETURN-PATH:\n <a@b>\nX-A: 1\nreturn-path : <a@b>\n\t(c)\n", "X-A: 1\r\n")]
    [InlineData("none: what only looks like one stays", "X-Return-Path: <a>\nX-B: b\n Return-Path: <a>\nReturn-Path-2: x\n", "X-Return-Path: <a>\r\nX-B: b\r\n Return-Path: <a>\r\nReturn-Path-2: x\r\n")]
    public async Task A_foreign_Return_Path_is_taken_out_where_a_mail_ends_and_stays_where_it_goes_on(string why, string fields, string left)
    {
        await using var gateway = await TestGateway.StartAsync(Branch);
        string mail = $"{fields}From: app@branch.example\nSubject: x\n\nReturn-Path: <in@body>\n";
        await gateway.SendAsync(mail, "help@localhost");
        await gateway.SendAsync(mail, "postmaster@localhost");
        await gateway.SettledAsync();
        var ended = Text(gateway, 1);
        Assert.True(ended.EndsWith($"\r\n{left}From: app@branch.example\r\nSubject: x\r\n\r\nReturn-Path: <in@body>\r\n", StringComparison.Ordinal), $"{why}: {ended}");
        Assert.StartsWith("Return-Path: <app@branch.example>\r\nReceived: ", ended, StringComparison.Ordinal);
        Assert.EndsWith(mail.ReplaceLineEndings("\r\n"), Text(gateway, 2), StringComparison.Ordinal);
    }

    private static string Text(TestGateway gateway, long id) =>
        System.Text.Encoding.Latin1.GetString(gateway.Store.MailFiles.Load(gateway.Store.Read(t => t.Spool.Content(id))!).Span);

    [Theory]
    [InlineData("a bounce address that we made", "bounce", "bounce", "250 2.1.5")]
    [InlineData("that of a probe", "bounce", "probe", "250 2.1.5")]
    [InlineData("one that somebody made up", "bounce", null, "550 5.1.1")]
    [InlineData("a token of another purpose", "bounce", "unsubscribe", "550 5.1.1")]
    [InlineData("an unsubscribe address that we made", "unsubscribe", "unsubscribe", "250 2.1.5")]
    [InlineData("one that somebody made up", "unsubscribe", null, "550 5.1.1")]
    public async Task Only_token_addresses_that_we_made_are_taken(string why, string name, string? purpose, string reply)
    {
        await using var gateway = await TestGateway.StartAsync(Branch);
        string token = purpose is null ? new string('0', 40) : gateway.Service<Relay.Subscriptions.SubscriptionTokens>().Create(1, purpose);
        await using var client = await Relay.TestKit.Mail.SmtpDialogue.ConnectAsync(gateway.Port);
        await client.CommandAsync("MAIL FROM:<>");
        string answer = await client.CommandAsync($"RCPT TO:<{name}+{token}@localhost>");
        Assert.True(answer.StartsWith(reply, StringComparison.Ordinal), $"{why}: {answer}");
    }
}
