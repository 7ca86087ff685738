using Relay.Smtp.Client;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Client;

/// <summary>What a server may do at each stage, and what the client makes of it.</summary>
public sealed class OutcomeTests
{
    private const string One = "one@mx.example";
    private static readonly byte[] Content = "Subject: x\r\n\r\n.dot\r\n"u8.ToArray();

    public static TheoryData<string, MailServerStage, string, string> Orders() => new()
    {
        { "RFC 5321 3.1: a server may refuse service", MailServerStage.Connect, "554 5.3.2 no", "Refused Connect 554" },
        { "RFC 5321 3.8: or be busy", MailServerStage.Connect, "421 4.3.2 busy", "Deferred Connect 421" },
        { "a greeting that never comes", MailServerStage.Connect, "hang", "Deferred Connect -" },
        { "a connection cut before the greeting", MailServerStage.Connect, "cut", "Deferred Connect -" },
        { "4yz to EHLO", MailServerStage.Hello, "450 4.0.0 later", "Deferred Hello 450" },
        { "5yz to EHLO and to HELO", MailServerStage.Hello, "550 5.0.0 never", "Refused Hello 550" },
        { "cut at EHLO", MailServerStage.Hello, "cut", "Deferred Hello -" },
        { "a refused sender", MailServerStage.Mail, "550 5.7.1 no", "Refused Mail 550" },
        { "a sender to be tried later", MailServerStage.Mail, "451 4.7.1 greylisted", "Deferred Mail 451" },
        { "cut at MAIL", MailServerStage.Mail, "cut", "Deferred Mail -" },
        { "421 at MAIL", MailServerStage.Mail, "421 4.3.2 going down", "Deferred Mail 421" },
        { "a refused recipient", MailServerStage.Recipient, "550 5.1.1 no", "Refused Recipient 550" },
        { "RFC 5321 4.5.3.1.10: too many recipients", MailServerStage.Recipient, "452 4.5.3 enough", "Deferred Recipient 452" },
        { "cut at RCPT", MailServerStage.Recipient, "cut", "Deferred Recipient -" },
        { "DATA refused", MailServerStage.Data, "554 5.0.0 no", "Refused Data 554" },
        { "DATA later", MailServerStage.Data, "451 4.3.0 later", "Deferred Data 451" },
        { "a positive reply that is not 354", MailServerStage.Data, "250 2.0.0 what", "Deferred Data 250" },
        { "cut at DATA", MailServerStage.Data, "cut", "Deferred Data -" },
        { "no reply to DATA", MailServerStage.Data, "hang", "Deferred Data -" },
        { "content refused", MailServerStage.Content, "550 5.7.1 spam", "Refused AfterFinalDot 550" },
        { "content later", MailServerStage.Content, "451 4.3.0 later", "Deferred AfterFinalDot 451" },
        { "RFC 1047 2: cut after the dot, the mail may have arrived", MailServerStage.Content, "cut", "Deferred AfterFinalDot -" },
        { "no reply to the dot", MailServerStage.Content, "hang", "Deferred AfterFinalDot -" },
        { "a reply that is none", MailServerStage.Content, "hello", "Deferred AfterFinalDot -" },
        { "a status alone", MailServerStage.Content, "250", "Delivered 250" },
        { "several lines", MailServerStage.Content, "250-2.0.0 a\n250 2.0.0 b", "Delivered 250" },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Every_stage_has_its_outcome(string why, MailServerStage stage, string order, string expected)
    {
        foreach (var pipelines in new[] { true, false })
        {
            await using var server = Start(pipelines);
            server.Always(stage, order switch
            {
                "hang" => new MailServerOrder.Hang(),
                "cut" => new MailServerOrder.Cut(),
                _ => new MailServerOrder.Answer(order),
            });
            Assert.True(expected == Describe(await SendAsync(server, One)), $"{why}, pipelining {pipelines}");
            Assert.Empty(server.Complaints);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Content_cut_in_the_middle_is_deferred_at_Data_or_after(bool pipelines)
    {
        await using var server = Start(pipelines);
        server.Always(MailServerStage.Data, new MailServerOrder.CutInData(1000));
        var big = new byte[8 * 1024 * 1024];
        Array.Fill(big, (byte)'x');
        var outcome = Assert.IsType<DeliveryOutcome.Deferred>(await SendAsync(server, One, big));
        // Most of the mail never left: the dot cannot have.
        Assert.Equal(DeliveryStage.Data, outcome.Stage);
        Assert.Null(outcome.Reply);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refused_recipient_does_not_cost_the_others_the_mail(bool pipelines)
    {
        await using var server = Start(pipelines);
        server.ForRecipient("no@mx.example", new MailServerOrder.Answer("550 5.1.1 no"));
        await using var connection = await ConnectAsync(server);
        var outcomes = await connection.SendAsync(To("no@mx.example", One, "no@mx.example"), Content, CancellationToken.None);
        Assert.Equal(["Refused Recipient 550", "Delivered 250", "Refused Recipient 550"], outcomes.Select(Describe));
        Assert.Equal(One, Assert.Single(server.Mails).Recipient);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_sent_when_nobody_is_left(bool pipelines)
    {
        await using var server = Start(pipelines);
        server.Always(MailServerStage.Recipient, new MailServerOrder.Answer("550 5.1.1 no"));
        await using var connection = await ConnectAsync(server);
        await connection.SendAsync(To(One), Content, CancellationToken.None);
        server.Always(MailServerStage.Recipient, null);
        Assert.True(connection.IsUsable);
        Assert.Equal("Delivered 250", Describe((await connection.SendAsync(To(One), Content, CancellationToken.None))[0]));
        Assert.Single(server.Mails);
        Assert.Empty(server.Complaints);
    }

    [Fact]
    public async Task A_server_that_hung_up_is_found_out_before_the_next_mail()
    {
        await using var server = Start(pipelines: true);
        await using var connection = await ConnectAsync(server);
        await connection.SendAsync(To(One), Content, CancellationToken.None);
        Assert.True(connection.IsUsable);
        await server.StopAsync();
        await Eventually.TrueAsync(() => !connection.IsUsable, "the connection is known to be closed");
        Assert.Equal("Deferred Mail -", Describe((await connection.SendAsync(To(One), Content, CancellationToken.None))[0]));
    }

    [Fact]
    public async Task Parameters_go_only_where_they_are_offered()
    {
        var envelope = To(One) with { EnvelopeId = "a b", Ret = "HDRS", Notify = "FAILURE" };
        await using var rich = Start(pipelines: true);
        await using (var connection = await ConnectAsync(rich))
        {
            await connection.SendAsync(envelope, "Subject: x\r\n\r\n\u00ff\r\n"u8.ToArray(), CancellationToken.None);
        }

        Assert.Equal("SIZE=18 BODY=8BITMIME RET=HDRS ENVID=a+20b", Assert.Single(rich.Mails).SenderParameters);
        await using var poor = RecordingMailServer.Start(new RecordingMailServerOptions { Extensions = [] });
        await using (var connection = await ConnectAsync(poor))
        {
            await connection.SendAsync(envelope, Content, CancellationToken.None);
        }

        Assert.Equal("", Assert.Single(poor.Mails).SenderParameters);
        Assert.Empty(rich.Complaints.Concat(poor.Complaints));
    }

    [Theory]
    [InlineData("as it came", "a+b@c", "rfc822;Joe+1@old.example", " ENVID=a+2Bb@c", "ORCPT=rfc822;Joe+2B1@old.example")]
    [InlineData("line ends", "a\r\nRCPT TO:evil@x", "rfc822;a\r\nDATA", " ENVID=a+0D+0ARCPT+20TO:evil@x", "ORCPT=rfc822;a+0D+0ADATA")]
    [InlineData("a NUL", "\0", "rfc822;\0", " ENVID=+00", "ORCPT=rfc822;+00")]
    [InlineData("a type that is none", "x", "rfc822 NOTIFY=NEVER;a", " ENVID=x", "")]
    [InlineData("a type with a line end", "x", "a\r\nQUIT;a", " ENVID=x", "")]
    [InlineData("beyond ASCII, RFC 6533 §3", "x", "utf-8;j\u00f6rg+1@old.example", " ENVID=x", "ORCPT=utf-8;j\\x{F6}rg\\x{2B}1@old.example")]
    [InlineData("the same as it came", "x", "UTF-8;j\\x{F6}rg", " ENVID=x", "ORCPT=UTF-8;j\\x{F6}rg")]
    [InlineData("no type", "", "a@b.example", "", "")]
    [InlineData("too long once it is encoded", "++++++++++++++++++++++++++++++++++++++++++++++++++", "rfc822;", "", "ORCPT=rfc822;")]
    public async Task What_a_stranger_asked_to_be_told_goes_on_within_its_parameter(string why, string envelopeId, string original, string mail, string recipient)
    {
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions { Extensions = ["PIPELINING", "DSN"] });
        await using (var connection = await ConnectAsync(server))
        {
            await connection.SendAsync(To(One) with { EnvelopeId = envelopeId, OriginalRecipient = original }, Content, CancellationToken.None);
        }

        var recorded = Assert.Single(server.Mails);
        Assert.True(mail.TrimStart() == recorded.SenderParameters, $"{why}: {recorded.SenderParameters}");
        Assert.Equal((One, recipient), (recorded.Recipient, recorded.Recipients[0].Parameters));
        Assert.Empty(server.Complaints);
    }

    [Theory]
    [InlineData("RFC 6531 3.2: an address beyond ASCII needs SMTPUTF8", "jörg@mx.example", "x")]
    [InlineData("RFC 6152 3: octets above 127 need 8BITMIME", "one@mx.example", "ö")]
    public async Task What_a_server_cannot_carry_is_refused_without_asking(string why, string recipient, string body)
    {
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions { Extensions = ["PIPELINING"] });
        await using var connection = await ConnectAsync(server);
        var outcomes = await connection.SendAsync(To(recipient), System.Text.Encoding.UTF8.GetBytes(body), CancellationToken.None);
        Assert.True(outcomes[0] is DeliveryOutcome.Refused { Stage: DeliveryStage.Mail }, why);
        Assert.DoesNotContain("MAIL", server.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helo_only_server_gets_its_mail()
    {
        await using var server = RecordingMailServer.Start();
        server.Next(MailServerStage.Hello, new MailServerOrder.Answer("502 5.5.1 what"));
        Assert.Equal("Delivered 250", Describe(await SendAsync(server, One)));
        Assert.Equal("", Assert.Single(server.Mails).SenderParameters);
    }

    [Fact]
    public async Task A_shutdown_is_an_exception_and_not_an_outcome()
    {
        await using var server = Start(pipelines: true);
        server.Always(MailServerStage.Content, new MailServerOrder.Hang());
        await using var connection = await ConnectAsync(server);
        using var stop = new CancellationTokenSource();
        var sending = connection.SendAsync(To(One), Content, stop.Token);
        await Eventually.TrueAsync(() => server.Transcript.Contains("DATA", StringComparison.Ordinal), "the mail is under way");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.False(connection.IsUsable);
    }

    private static RecordingMailServer Start(bool pipelines)
    {
        var options = new RecordingMailServerOptions();
        return RecordingMailServer.Start(
            pipelines ? options : options with { Extensions = [.. options.Extensions.Where(extension => extension != "PIPELINING")] });
    }

    // The hanging server is given half a second by the one clock that both ends share: the real one.
    private static SmtpClientOptions Options(RecordingMailServer server) => new()
    {
        Port = server.Port,
        GreetingTimeout = TimeSpan.FromSeconds(0.5),
        CommandTimeout = TimeSpan.FromSeconds(0.5),
        DataStartTimeout = TimeSpan.FromSeconds(0.5),
        DataTimeout = TimeSpan.FromSeconds(0.5),
    };

    private static async Task<SmtpConnection> ConnectAsync(RecordingMailServer server)
    {
        var options = new SmtpClientOptions { Port = server.Port };
        var result = await SmtpConnection.ConnectAsync(options, TimeProvider.System, CancellationToken.None);
        return Assert.IsType<SmtpConnectResult.Connected>(result).Connection;
    }

    private static async Task<DeliveryOutcome> SendAsync(RecordingMailServer server, string recipient, byte[]? content = null)
    {
        switch (await SmtpConnection.ConnectAsync(Options(server), TimeProvider.System, CancellationToken.None))
        {
            case SmtpConnectResult.Connected(var connection):
                await using (connection)
                {
                    return Assert.Single(await connection.SendAsync(To(recipient), content ?? Content, CancellationToken.None));
                }

            case SmtpConnectResult.Failed(var outcome):
                return outcome;
            default:
                throw new InvalidOperationException();
        }
    }

    private static string Describe(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Delivered delivered => $"Delivered {delivered.Reply.Code}",
        DeliveryOutcome.Deferred deferred => $"Deferred {deferred.Stage} {deferred.Reply?.Code.ToString() ?? "-"}",
        DeliveryOutcome.Refused refused => $"Refused {refused.Stage} {refused.Reply.Code}",
        _ => throw new InvalidOperationException(),
    };

    private static MailEnvelope To(params string[] recipients) => new(Address("a@client.example"), [.. recipients.Select(Address)]);

    private static MailAddress Address(string text) =>
        MailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
