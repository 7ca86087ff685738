using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using System.Xml.Linq;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd;

/// <summary>Mail programs and SOAP stacks of others as clients; each test skips, saying so, where its program is missing.</summary>
public sealed class PeerTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly Gateway _gateway = fixture.Gateway;

    [Fact]
    public async Task Swaks_is_answered()
    {
        using var folder = new TempFolder();
        string body = folder.Write("body.xml", Soap.Envelope(Soap.GetMonth(2003, 1)));

        RunningProgram swaks = await RunAsync(
            "swaks", null, "--server", "127.0.0.1", "--port", $"{_gateway.SmtpPort}", "--from", "app@swaks.example", "--to", "calendar@localhost",
            "--h-Message-Id", "<1@swaks.example>", "--add-header", "Content-Type: text/xml; charset=utf-8", "--body", $"@{body}");

        Assert.Contains("250 2.0.0", swaks.Output, StringComparison.Ordinal);
        await AssertJanuaryAsync("<1@swaks.example>");
    }

    [Fact]
    public async Task Msmtp_is_answered()
    {
        await RunAsync(
            "msmtp", MonthMail("<1@msmtp.example>"), "--host=127.0.0.1", $"--port={_gateway.SmtpPort}", "--file=/dev/null", "--tls=off",
            "--auth=off", "--from=app@msmtp.example", "calendar@localhost");

        await AssertJanuaryAsync("<1@msmtp.example>");
    }

    [Fact]
    public async Task Curl_is_answered()
    {
        await RunAsync(
            "curl", MonthMail("<1@curl.example>"), "--silent", "--show-error", "--crlf", "--url", $"smtp://127.0.0.1:{_gateway.SmtpPort}",
            "--mail-from", "app@curl.example", "--mail-rcpt", "calendar@localhost", "--upload-file", "-");

        await AssertJanuaryAsync("<1@curl.example>");
    }

    /// <summary>SOAP::Lite sends neither a Message-ID nor a subject, spells the action Soapaction, and cannot be told of the 250's id.</summary>
    [Fact]
    public async Task Perls_soap_lite_sends_by_mailto_and_reads_the_answer()
    {
        Assert.SkipUnless(await Peers.HasPerlModuleAsync("SOAP::Lite"), Peers.Missing("Perl's SOAP::Lite"));
        Assert.SkipUnless(await Peers.HasPerlModuleAsync("MIME::Lite"), Peers.Missing("Perl's MIME::Lite"));
        await RunAsync("perl", null, "-MSOAP::Lite", "-e", """
            SOAP::Lite->uri('urn:example:calendar')->proxy("mailto:calendar\@localhost?From=app\@perl.example&smtp=127.0.0.1:$ARGV[0]")
                ->getMonth(SOAP::Data->name(year => 2003), SOAP::Data->name(month => 1));
            """, $"{_gateway.SmtpPort}");
        RecordedMail answer = await _gateway.Smarthost.MailAsync(mail => mail.Recipient == "app@perl.example", "an answer to app@perl.example");

        Assert.StartsWith("    January 2003\nMo Tu We Th Fr Sa Su\n", await ReadBySoapLiteAsync(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flat", "text/xml; charset=utf-8", "{0}")]
    [InlineData("related", "multipart/related; type=\"text/xml\"; boundary=b", "--b\nContent-Type: text/xml\n\n{0}\n--b--\n")]
    public async Task Perls_soap_lite_reads_our_answers(string layout, string contentType, string content)
    {
        Assert.SkipUnless(await Peers.HasPerlModuleAsync("SOAP::Lite"), Peers.Missing("Perl's SOAP::Lite"));
        string envelope = content.Replace("{0}", Soap.Envelope(Soap.GetMonth(2003, 1)));
        string id = await _gateway.MailAsync("app@reader.example", "calendar@localhost", Soap.Mail(
            "app@reader.example", "calendar@localhost", $"<{layout}@reader.example>", envelope, contentType));

        Assert.StartsWith("    January 2003\n", await ReadBySoapLiteAsync(await _gateway.AnswerToAsync(id)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a plain body, quoted-printable", TransferEncoding.QuotedPrintable, MediaTypeNames.Text.Plain)]
    [InlineData("a plain body, base64", TransferEncoding.Base64, MediaTypeNames.Text.Plain)]
    [InlineData("an alternate view", TransferEncoding.Base64, "application/soap+xml")]
    public async Task The_base_librarys_client_is_answered(string why, TransferEncoding encoding, string mediaType)
    {
        string from = $"app{Math.Abs(why.GetHashCode(StringComparison.Ordinal))}@net.example";
        using var client = new SmtpClient("127.0.0.1", _gateway.SmtpPort);
        using var mail = new MailMessage(from, "calendar@localhost") { Subject = "Month" };
        using var view = AlternateView.CreateAlternateViewFromString(Soap.Envelope(Soap.GetMonth(2003, 1)), Encoding.UTF8, mediaType);
        view.TransferEncoding = encoding;
        mail.AlternateViews.Add(view);

        await client.SendMailAsync(mail, CancellationToken.None);

        RecordedMail answer = await _gateway.Smarthost.MailAsync(other => other.Recipient == from, $"an answer ({why})");
        Assert.Contains("January 2003", answer.BodyText, StringComparison.Ordinal);
    }

    /// <summary>Postfix's load generator with its own dummy mails: all taken, and those who ask properly are still answered.</summary>
    [Fact]
    public async Task Smtp_source_is_taken_whole_and_others_are_served_meanwhile()
    {
        string senders = $"{Guid.NewGuid():N}@source.example";
        Task<RunningProgram> load = RunAsync(
            "smtp-source", null, "-s", "4", "-m", "200", "-l", "2048", "-f", senders, "-t", "calendar@localhost", $"127.0.0.1:{_gateway.SmtpPort}");
        string id = await _gateway.MailAsync("app@meanwhile.example", "calendar@localhost", MonthMail("<1@meanwhile.example>"));

        await AssertJanuaryAsync(id);
        await load;
    }

    private static string MonthMail(string id) =>
        Soap.Mail($"app@{id.Trim('<', '>').Split('@')[1]}", "calendar@localhost", id, Soap.Envelope(Soap.GetMonth(2003, 1)));

    private static async Task<RunningProgram> RunAsync(string program, string? input, params string[] arguments)
    {
        Assert.SkipUnless(Peers.Find(program) is not null, Peers.Missing(program));
        await using RunningProgram run = RunningProgram.Start(new ProgramStart(Peers.Find(program)!)
        {
            Arguments = arguments,
            Input = input is null ? null : Encoding.Latin1.GetBytes(input),
        });
        Assert.True(await run.ExitAsync(TimeSpan.FromSeconds(60)) == 0, run.Transcript);
        return run;
    }

    private static async Task<string> ReadBySoapLiteAsync(RecordedMail answer)
    {
        RunningProgram reading = await RunAsync("perl", answer.Text.Replace("\r\n", "\n"), "-MSOAP::Lite", "-e", """
            local $/; my $lite = SOAP::Lite->new; my $reader = $lite->deserializer; $reader->{_context} = $lite;
            my $som = $reader->deserialize(<STDIN>); die $som->faultstring if $som->fault; print $som->result;
            """);
        return reading.Output;
    }

    private async Task AssertJanuaryAsync(string id)
    {
        XElement body = Soap.Body(await _gateway.AnswerToAsync(id));
        Assert.Equal("getMonthResponse", body.Name.LocalName);
        Assert.StartsWith("    January 2003\n", body.Value, StringComparison.Ordinal);
    }
}
