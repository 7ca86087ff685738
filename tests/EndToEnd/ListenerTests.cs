using System.Text;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd;

/// <summary>Every kind of listener that the settings know, opened by the program itself, in dialogue with us and with programs of others.</summary>
public sealed class ListenerTests(ListenersFixture fixture) : IClassFixture<ListenersFixture>
{
    private const string Service = "calendar@localhost";

    private readonly Gateway _gateway = fixture.Gateway;

    [Fact]
    public async Task Each_listener_speaks_as_its_settings_say()
    {
        await AssertAnsweredAsync(fixture.StartTls, new SmtpDialogueStart { SaysStartTls = true }, "starttls");
        await AssertAnsweredAsync(fixture.Implicit, new SmtpDialogueStart { IsEncrypted = true }, "implicit");

        // The default Access knows clients by their network, and behind LMTP there is none: it takes what is for people.
        await using SmtpDialogue lmtp = await SmtpDialogue.ConnectAsync(fixture.Lmtp, new SmtpDialogueStart { Hello = "LHLO" });
        Assert.StartsWith("550 5.7.1 ", await lmtp.SendAsync("app@lmtp.example", Service, "Subject: x\n\nx"), StringComparison.Ordinal);
        await lmtp.CommandAsync("RSET");
        Assert.StartsWith("250 ", await lmtp.SendAsync("app@lmtp.example", "postmaster@localhost", "Subject: by LMTP\n\nx"), StringComparison.Ordinal);
        RecordedMail forwarded = await _gateway.Smarthost.MailAsync(mail => mail.Text.Contains("Subject: by LMTP", StringComparison.Ordinal), "the mail by LMTP");
        Assert.Contains("with LMTP id", forwarded.Text, StringComparison.Ordinal);
        await using SmtpDialogue smtp = await SmtpDialogue.ConnectAsync(fixture.Lmtp, new SmtpDialogueStart { Hello = "LHLO" });
        Assert.StartsWith("500 ", await smtp.CommandAsync("EHLO client.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_is_whom_the_proxy_names()
    {
        await AssertAnsweredAsync(fixture.Proxied, new SmtpDialogueStart { Before = "PROXY TCP4 127.0.0.7 127.0.0.1 4000 25\r\n" }, "near");
        await using SmtpDialogue far = await SmtpDialogue.ConnectAsync(
            fixture.Proxied, new SmtpDialogueStart { Before = "PROXY TCP4 203.0.113.9 127.0.0.1 4000 25\r\n" });
        Assert.StartsWith("550 5.7.1 ", await far.SendAsync("app@far.example", Service, "Subject: x\n\nx"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => SmtpDialogue.ConnectAsync(fixture.Proxied, new SmtpDialogueStart { Before = "EHLO client.test\r\n" }));
    }

    [Theory]
    [InlineData("STARTTLS, TLS 1.3", true, "-tls1_3")]
    [InlineData("STARTTLS, TLS 1.2", true, "-tls1_2")]
    [InlineData("from the first octet", false, "-tls1_3")]
    public async Task Openssl_believes_the_certificate_and_speaks_with_it(string why, bool saysStartTls, string version)
    {
        string[] how = saysStartTls ? ["-starttls", "smtp"] : [];
        string output = await RunAsync(
            "openssl",
            "NOOP\nQUIT\n",
            ["s_client", .. how, "-connect", $"127.0.0.1:{(saysStartTls ? fixture.StartTls : fixture.Implicit)}", version, "-crlf", "-quiet", "-ign_eof", "-CAfile", fixture.AuthorityPath, "-verify_return_error"]);

        Assert.True(output.Contains("250 2.0.0", StringComparison.Ordinal) && output.Contains("221 2.0.0", StringComparison.Ordinal), $"{why}: {output}");
    }

    [Theory]
    [InlineData("swaks", true)]
    [InlineData("swaks", false)]
    [InlineData("msmtp", true)]
    [InlineData("msmtp", false)]
    [InlineData("curl", true)]
    [InlineData("curl", false)]
    public async Task Mail_programs_are_answered_under_TLS(string program, bool saysStartTls)
    {
        int port = saysStartTls ? fixture.StartTls : fixture.Implicit;
        string name = $"{program}-{(saysStartTls ? "starttls" : "implicit")}";
        string from = $"app@{name}.example";
        string mail = Soap.Mail(from, Service, $"<1@{name}.example>", Soap.Envelope(Soap.GetMonth(2003, 1)));
        using var folder = new TempFolder();
        string file = folder.Write(name, mail);
        string[] arguments = program switch
        {
            "swaks" => ["--server", "127.0.0.1", "--port", $"{port}", saysStartTls ? "--tls" : "--tls-on-connect", "--from", from, "--to", Service, "--data", $"@{file}"],
            "msmtp" =>
            [
                "--host=127.0.0.1", $"--port={port}", "--file=/dev/null", "--auth=off", "--tls=on", "--tls-certcheck=off",
                $"--tls-starttls={(saysStartTls ? "on" : "off")}", $"--from={from}", Service,
            ],
            _ =>
            [
                "--silent", "--show-error", "--crlf", "--insecure", "--ssl-reqd", "--url", $"{(saysStartTls ? "smtp" : "smtps")}://127.0.0.1:{port}",
                "--mail-from", from, "--mail-rcpt", Service, "--upload-file", file,
            ],
        };

        await RunAsync(program, program == "msmtp" ? mail : null, arguments);

        Assert.Contains("January 2003", (await _gateway.AnswerToAsync($"<1@{name}.example>")).BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postfix_hands_over_by_LMTP()
    {
        Assert.SkipWhen(PostfixInstance.Absence is not null, PostfixInstance.Absence ?? "");
        await using PostfixInstance postfix = await PostfixInstance.StartAsync($"lmtp:inet:127.0.0.1:{fixture.Lmtp}");

        Assert.StartsWith("250 ", await SmtpDialogue.SendAsync(postfix.Port, "app@postfix.example", "postmaster@localhost", "Subject: by Postfix\n\nx"), StringComparison.Ordinal);

        RecordedMail forwarded = await _gateway.Smarthost.MailAsync(
            mail => mail.Text.Contains("Subject: by Postfix", StringComparison.Ordinal), $"the mail by Postfix, which wrote:\n{postfix.Log}");
        Assert.Contains("with LMTP id", forwarded.Text, StringComparison.Ordinal);
    }

    private async Task AssertAnsweredAsync(int port, SmtpDialogueStart start, string name)
    {
        await using SmtpDialogue dialogue = await SmtpDialogue.ConnectAsync(port, start);
        string id = $"<1@{name}.example>";
        string reply = await dialogue.SendAsync(
            $"app@{name}.example", Service, Soap.Mail($"app@{name}.example", Service, id, Soap.Envelope(Soap.GetMonth(2003, 1))));
        Assert.StartsWith("250 ", reply, StringComparison.Ordinal);
        await _gateway.AnswerToAsync(id);
    }

    private static async Task<string> RunAsync(string program, string? input, params string[] arguments)
    {
        Assert.SkipUnless(Peers.Find(program) is not null, Peers.Missing(program));
        await using RunningProgram run = RunningProgram.Start(new ProgramStart(Peers.Find(program)!)
        {
            Arguments = arguments,
            Input = input is null ? null : Encoding.Latin1.GetBytes(input),
        });
        Assert.True(await run.ExitAsync(TimeSpan.FromSeconds(60)) == 0, run.Transcript);
        return run.Transcript;
    }
}
