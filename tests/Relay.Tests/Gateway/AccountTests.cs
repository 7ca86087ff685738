using System.Text;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>Proof by an account of SMTP AUTH, through the whole gateway.</summary>
public sealed class AccountTests
{
    private static readonly (string, string)[] Accounts =
    [
        ("Access:Subscribers:0:Address", "*@branch.example"),
        ("Access:Subscribers:0:Mailboxes", "*@corp.example"),
        ("Access:Subscribers:0:Proof", "SmtpAuth"),
        ("Access:Subscribers:0:Accounts", "app"),
        ("Access:Accounts:0:Name", "app"),
        ("Access:Accounts:0:Password", "secret"),
        ("Access:Accounts:1:Name", "other"),
        ("Access:Accounts:1:Password", "secret"),
    ];

    private static readonly (string, string) InTheClear = ("Smtp:AllowAuthInTheClear", "true");

    [Fact]
    public async Task A_client_that_names_its_account_is_answered()
    {
        await using var gateway = await TestGateway.StartAsync([.. Accounts, InTheClear]);
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.StartsWith("235 2.7.0", await client.CommandAsync(Plain("app", "secret")), StringComparison.Ordinal);
        // RFC 4954 §5: who handed the mail in elsewhere is believed by nobody, and refused by nobody.
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<app@branch.example> AUTH=ann@corp.example"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("RSET"), StringComparison.Ordinal);
        string reply = await client.SendAsync("app@branch.example", "ews@localhost", Mails.Request(Mails.Pull(), "1@branch.example"));
        Assert.StartsWith("250", reply, StringComparison.Ordinal);
        var answer = await gateway.Smarthost.MailAsync(_ => true, "an answer");
        Assert.Equal("NoError", answer.Value("ResponseCode"));
    }

    [Fact]
    public async Task Before_AUTH_the_service_is_530_and_the_postmaster_is_not()
    {
        await using var gateway = await TestGateway.StartAsync([.. Accounts, InTheClear]);
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<app@branch.example>"), StringComparison.Ordinal);
        Assert.StartsWith("530 5.7.0 ", await client.CommandAsync("RCPT TO:<ews@localhost>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("RCPT TO:<postmaster@localhost>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_of_no_entry_is_refused_in_the_dialogue()
    {
        await using var gateway = await TestGateway.StartAsync([.. Accounts, InTheClear]);
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.StartsWith("235", await client.CommandAsync(Plain("other", "secret")), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<app@branch.example>"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.1 ", await client.CommandAsync("RCPT TO:<ews@localhost>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_does_not_prove_an_address_that_its_entry_does_not_name()
    {
        await using var gateway = await TestGateway.StartAsync([.. Accounts, InTheClear]);
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        await client.CommandAsync(Plain("app", "secret"));
        string mail = Mails.Request(Mails.Pull(), "1@branch.example").Replace("From: app@branch", "From: app@else", StringComparison.Ordinal);
        await client.SendAsync("app@branch.example", "ews@localhost", mail);
        var answer = await gateway.Smarthost.MailAsync(_ => true, "a fault");
        Assert.Equal("ErrorAccessDenied", answer.Value("ResponseCode"));
    }

    [Fact]
    public async Task Without_TLS_nothing_is_announced_and_a_password_is_not_taken()
    {
        await using var gateway = await TestGateway.StartAsync(Accounts);
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.DoesNotContain("AUTH", await client.CommandAsync("EHLO client.test"), StringComparison.Ordinal);
        Assert.StartsWith("538 5.7.11", await client.CommandAsync(Plain("app", "secret")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AUTH_is_announced_from_the_first_account_on()
    {
        await using var gateway = await TestGateway.StartAsync(InTheClear);
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.DoesNotContain("AUTH", await client.CommandAsync("EHLO client.test"), StringComparison.Ordinal);
        await gateway.Store.CommitAsync(tx => tx.Accounts.Put(new("joe", new byte[16], 4096, new byte[32], new byte[32], DateTimeOffset.UnixEpoch)), default);
        Assert.Contains("AUTH SCRAM-SHA-256 PLAIN LOGIN", await client.CommandAsync("EHLO client.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_over_many_sessions_locks_out()
    {
        await using var gateway = await TestGateway.StartAsync(
            [.. Accounts, InTheClear, ("Smtp:Limits:AuthFailuresPerClient", "2"), ("Smtp:Limits:ErrorDelay", "00:00:00")]);
        for (int i = 0; i < 2; i++)
        {
            await using var guesser = await SmtpDialogue.ConnectAsync(gateway.Port);
            Assert.StartsWith("535 5.7.8", await guesser.CommandAsync(Plain("app", $"guess {i}")), StringComparison.Ordinal);
        }

        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.StartsWith("454 4.7.0", await client.CommandAsync(Plain("app", "secret")), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.CommandAsync(Plain("other", "secret")), StringComparison.Ordinal);
    }

    private static string Plain(string account, string password) =>
        $"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{account}\0{password}"))}";
}
