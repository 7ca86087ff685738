using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Operator;

/// <summary><c>relay deliver</c>: a mail server's pipe into the spool, with the exit codes that mail servers act on.</summary>
public sealed class DeliverTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const int TryAgain = 75;
    private const int NotAMail = 65;
    private const int UnknownAddress = 67;

    [Fact]
    public async Task A_running_relay_handles_what_comes_by_the_pipe_without_being_told()
    {
        await using Gateway gateway = await Gateway.StartAsync();

        var (code, output, errors) = await RelayCommand.RunAsync(
            gateway.Environment, Letter("piped"), "deliver", "--to", "postmaster@localhost", "--from", "ann@branch.example");

        Assert.True(code == 0, errors);
        Assert.StartsWith("stored as ", output, StringComparison.Ordinal);
        RecordedMail mail = await gateway.Smarthost.MailAsync(m => m.Recipient == "postmaster@localhost", "the letter, passed on");
        Assert.Equal("ann@branch.example", mail.Sender);
        Assert.Contains("A letter.\r\n", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_relay_finds_at_its_start_what_the_pipe_left()
    {
        await using Gateway gateway = await Gateway.StartAsync();
        await gateway.TerminateAsync();

        Assert.Equal(0, (await DeliverAsync(gateway, Letter("waited"), "--to=postmaster@localhost")).Code);
        await gateway.RestartAsync();

        await gateway.Smarthost.MailAsync(m => m.Recipient == "postmaster@localhost", "the letter, passed on after the start");
    }

    [Fact]
    public async Task Nothing_proves_who_filled_a_pipe_so_the_default_access_answers_nobody()
    {
        await using Gateway gateway = await Gateway.StartAsync();
        string request = Soap.Mail("app@b.example", "calendar@localhost", "<piped@b.example>", Soap.Envelope(Soap.GetMonth(2003, 1)));
        Assert.Equal(0, (await DeliverAsync(gateway, request, "--to=calendar@localhost", "--from=app@b.example")).Code);

        string id = await gateway.MailAsync("app@b.example", "calendar@localhost", request.Replace("piped", "by-smtp", StringComparison.Ordinal));
        await gateway.AnswerToAsync(id);
        await Eventually.TrueAsync(() => gateway.Log.Contains("denied: nothing proves its sender", StringComparison.Ordinal), "the refusal in the log");

        Assert.DoesNotContain(gateway.Smarthost.Mails, mail => mail.InReplyTo is "<piped@b.example>" or "piped@b.example");
    }

    [Theory]
    [InlineData("an empty pipe", "", NotAMail, "--to=postmaster@localhost")]
    [InlineData("a text", "hello there\n", NotAMail, "--to=postmaster@localhost")]
    [InlineData("too large", "Subject: {large}\n\n", NotAMail, "--to=postmaster@localhost")]
    [InlineData("an address of others", "Subject: x\n\n", UnknownAddress, "--to=ann@elsewhere.example")]
    [InlineData("an address of ours that is no service", "Subject: x\n\n", UnknownAddress, "--to=nobody@localhost")]
    [InlineData("one known, one unknown", "Subject: x\n\n", UnknownAddress, "--to=postmaster@localhost", "--to=nobody@localhost")]
    [InlineData("no address", "Subject: x\n\n", UnknownAddress, "--to", "--Relay:Smtp:HostName=evil")]
    [InlineData("no recipient", "Subject: x\n\n", 2)]
    [InlineData("a sender that is none", "Subject: x\n\n", 2, "--to=postmaster@localhost", "--from", "--Relay:Store:ConnectionString=x")]
    [InlineData("a setting that is wrong", "Subject: x\n\n", TryAgain, "--to=postmaster@localhost", "--Relay:Smtp:MaxMessageBytes=-1")]
    [InlineData("a store that is not there", "Subject: x\n\n", TryAgain, "--to=postmaster@localhost", "--Relay:Store:ConnectionString=Data Source=absent.db")]
    [InlineData("a database that cannot be reached", "Subject: x\n\n", TryAgain, "--to=postmaster@localhost", "--Relay:Store:Provider=PostgreSql", "--Relay:Store:ConnectionString=Host=127.0.0.1;Port=1;Username=x;Timeout=3")]
    [InlineData("a bounce", "Subject: x\n\n", 0, "--to=postmaster@localhost", "--from=")]
    [InlineData("a bounce as Postfix writes it", "Subject: x\n\n", 0, "--to=postmaster@localhost", "--from=MAILER-DAEMON")]
    [InlineData("two recipients", "Subject: x\n\n", 0, "--to=postmaster@localhost", "--to", "abuse@localhost")]
    public async Task The_exit_code_tells_the_mail_server_what_to_do(string why, string piped, int code, params string[] arguments)
    {
        string mail = piped.Replace("{large}", new string('x', 11 * 1024 * 1024), StringComparison.Ordinal);

        var result = await DeliverAsync(fixture.Gateway, mail, arguments);

        Assert.True(result.Code == code, $"{why}: {result}");
        Assert.Equal(code == 0, result.Errors.Length == 0);
    }

    [Fact]
    public async Task A_pipe_never_makes_a_store_that_no_relay_reads()
    {
        using var folder = new TempFolder();
        string database = folder.File("never.db");

        var (code, _, errors) = await RelayCommand.RunAsync(
            new Dictionary<string, string?>(), Letter("lost"), "deliver", "--to=postmaster@localhost", $"--Relay:Store:ConnectionString=Data Source={database}");

        Assert.Equal(TryAgain, code);
        Assert.Contains(database, errors, StringComparison.Ordinal);
        Assert.False(File.Exists(database));
    }

    [Fact]
    public async Task What_nobody_foresaw_is_not_the_mails_fault()
    {
        using var folder = new TempFolder();
        string database = folder.File("relay.db");
        var settings = new Dictionary<string, string?> { ["Relay__Store__ConnectionString"] = $"Data Source={database}" };
        Assert.Equal(0, (await RelayCommand.RunAsync(settings, "correct horse\n", "account", "add", "app")).Code);
        await using var python = RunningProgram.Start(new ProgramStart("python3")
        {
            Arguments = ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript('DROP TABLE spool_content')", database],
        });
        Assert.True(await python.ExitAsync() == 0, python.Transcript);

        var (code, _, errors) = await RelayCommand.RunAsync(settings, Letter("kept"), "deliver", "--to=postmaster@localhost");

        Assert.True(code == TryAgain, errors);
        Assert.Contains("An unexpected error (SqliteException): ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_mail_is_stored_even_if_nobody_can_be_told()
    {
        await using var pipe = RunningProgram.Start(new ProgramStart("/bin/sh")
        {
            Arguments = ["-c", "exec \"$0\" deliver --to=postmaster@localhost >/dev/full", Gateway.ProgramPath],
            Environment = fixture.Gateway.Environment,
            Input = System.Text.Encoding.ASCII.GetBytes(Letter("untold")),
        });

        Assert.True(await pipe.ExitAsync() == 0, pipe.Transcript);
    }

    private static string Letter(string id) => $"From: ann@branch.example\nTo: postmaster@localhost\nMessage-ID: <{id}@branch.example>\nSubject: Hello\n\nA letter.\n";

    private static Task<(int Code, string Output, string Errors)> DeliverAsync(Gateway gateway, string mail, params string[] arguments) =>
        RelayCommand.RunAsync(gateway.Environment, mail, ["deliver", .. arguments]);
}
