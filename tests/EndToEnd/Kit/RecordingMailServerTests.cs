using System.Net.Mail;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Kit;

/// <summary>The recorder against senders that others wrote: if they can speak with it, it speaks SMTP.</summary>
public sealed class RecordingMailServerTests : IAsyncDisposable
{
    private readonly RecordingMailServer _server = RecordingMailServer.Start();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_mail_of_the_base_library_is_recorded_octet_for_octet()
    {
        using var client = new SmtpClient("127.0.0.1", _server.Port);
        using var mail = new MailMessage("ann@corp.example", "bob@corp.example", "Grüße", ".one dot\r\n..two\r\n");
        await client.SendMailAsync(mail, CancellationToken.None);

        RecordedMail recorded = Assert.Single(await _server.MailsAsync(1));
        Assert.Equal(("ann@corp.example", "bob@corp.example"), (recorded.Sender, recorded.Recipient));
        Assert.StartsWith(".one dot\r\n..two\r\n", recorded.BodyText, StringComparison.Ordinal);
        Assert.Empty(_server.Complaints);
    }

    [Fact]
    public async Task Smtplib_reports_what_was_ordered_at_each_stage()
    {
        Assert.SkipUnless(Peers.Find("python3") is not null, Peers.Missing("python3"));
        _server.Next(MailServerStage.Mail, new MailServerOrder.Answer("451 4.3.0 later"));
        _server.Next(MailServerStage.Content, new MailServerOrder.Answer("554 5.6.0 not that"));
        _server.ForRecipient("nobody@corp.example", new MailServerOrder.Answer("550 5.1.1 no such person"));

        string said = await PythonAsync("""
            for to in ["bob@corp.example", "bob@corp.example", "nobody@corp.example", "bob@corp.example"]:
                try:
                    with smtplib.SMTP("127.0.0.1", port) as s: s.sendmail("a@b.example", [to], "Subject: x\r\n\r\nbody\r\n")
                    print("ok")
                except smtplib.SMTPResponseException as e: print(e.smtp_code)
                except smtplib.SMTPRecipientsRefused as e: print(list(e.recipients.values())[0][0])
            """);

        Assert.Equal("451\n554\n550\nok", said);
        Assert.Equal([false, true], _server.Mails.Select(mail => mail.IsAccepted));
    }

    [Fact]
    public async Task A_cut_after_the_final_dot_leaves_the_sender_in_doubt_and_the_mail_recorded()
    {
        Assert.SkipUnless(Peers.Find("python3") is not null, Peers.Missing("python3"));
        _server.Next(MailServerStage.Content, new MailServerOrder.Cut());
        _server.Next(MailServerStage.Data, new MailServerOrder.Answer("354 go ahead"));
        _server.Next(MailServerStage.Data, new MailServerOrder.CutInData(100));

        string said = await PythonAsync("""
            for _ in range(2):
                try: smtplib.SMTP("127.0.0.1", port).sendmail("a@b.example", ["c@d.example"], "Subject: x\r\n\r\n" + "body\r\n" * 50000)
                except (smtplib.SMTPServerDisconnected, ConnectionError): print("lost")
            """);

        Assert.Equal("lost\nlost", said);
        Assert.False(Assert.Single(_server.Mails).IsAccepted);
    }

    [Fact]
    public async Task Tls_and_accounts_work_with_smtplib()
    {
        Assert.SkipUnless(Peers.Find("python3") is not null, Peers.Missing("python3"));
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions
        {
            Certificate = TestCertificate.SelfSigned("localhost"),
            Accounts = new Dictionary<string, string> { ["ann"] = "secret" },
        });

        string said = await PythonAsync("""
            s = smtplib.SMTP("127.0.0.1", port); s.starttls(); s.login("ann", "secret")
            s.sendmail("a@b.example", ["c@d.example"], "Subject: x\r\n\r\nbody\r\n"); s.quit(); print("ok")
            """, server.Port);

        Assert.Equal("ok", said);
        RecordedMail mail = Assert.Single(server.Mails);
        Assert.Equal((true, "ann"), (mail.IsTls, mail.Account));
    }

    [Fact]
    public async Task It_comes_back_on_the_same_port()
    {
        await _server.StopAsync();
        using var client = new SmtpClient("127.0.0.1", _server.Port);
        await Assert.ThrowsAsync<SmtpException>(() => client.SendMailAsync("a@b.example", "c@d.example", "x", "y", CancellationToken.None));

        _server.Restart();
        await client.SendMailAsync("a@b.example", "c@d.example", "x", "y", CancellationToken.None);

        Assert.Single(await _server.MailsAsync(1));
    }

    private Task<string> PythonAsync(string body) => PythonAsync(body, _server.Port);

    private static async Task<string> PythonAsync(string body, int port)
    {
        await using RunningProgram python = RunningProgram.Start(Peers.Find("python3")!, "-c", $"import smtplib\nport = {port}\n{body}");
        await python.ExitAsync();
        return python.Transcript;
    }
}
