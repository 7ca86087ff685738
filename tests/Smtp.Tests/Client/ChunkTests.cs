using System.Text;
using Relay.Smtp.Client;
using Relay.TestKit.Mail;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Client;

/// <summary>Content in one chunk (RFC 3030 §2), where the server offers it and the content allows it.</summary>
public sealed class ChunkTests
{
    private const string One = "one@mx.example";
    private const string Small = "Subject: x\r\n\r\n.dot\r\n..\r\n";

    [Theory]
    [InlineData("lines", Small, true)]
    [InlineData("nothing", "", true)]
    [InlineData("no line end at the end", "Subject: x\r\n\r\nx", false)]
    [InlineData("a LF that stands alone", "Subject: x\r\n\r\nx\ny\r\n", false)]
    [InlineData("a CR that stands alone", "Subject: x\r\n\r\nx\ry\r\n", false)]
    [InlineData("a CR at the very end", "Subject: x\r\n\r\n\r", false)]
    public async Task A_mail_goes_as_a_chunk_if_it_consists_of_lines(string why, string content, bool asChunk)
    {
        await using var server = Start();
        Assert.IsType<DeliveryOutcome.Delivered>((await SendAsync(server, content, One))[0]);
        Assert.True(server.Transcript.Contains("BDAT", StringComparison.Ordinal) == asChunk, why);
        Assert.True(server.Transcript.Contains("DATA", StringComparison.Ordinal) != asChunk, why);
        if (asChunk)
        {
            Assert.Equal(content, Assert.Single(server.Mails).Text);
        }

        Assert.Empty(server.Complaints);
    }

    [Fact]
    public async Task A_large_mail_waits_for_the_recipients()
    {
        await using var server = Start();
        server.ForRecipient("no@mx.example", new MailServerOrder.Answer("550 5.1.1 no"));
        var big = new StringBuilder().Insert(0, new string('x', 76) + "\r\n", 2000).ToString();
        await using var connection = await ConnectAsync(server);
        Assert.IsType<DeliveryOutcome.Refused>((await connection.SendAsync(To("no@mx.example"), Encoding.ASCII.GetBytes(big), CancellationToken.None))[0]);
        Assert.DoesNotContain("BDAT", server.Transcript, StringComparison.Ordinal);
        Assert.IsType<DeliveryOutcome.Delivered>((await connection.SendAsync(To(One), Encoding.ASCII.GetBytes(big), CancellationToken.None))[0]);
        Assert.Equal(big, Assert.Single(server.Mails).Text);
        Assert.Empty(server.Complaints);
    }

    [Theory]
    [InlineData("a recipient", MailServerStage.Recipient, "550 5.1.1 no", "Refused Recipient")]
    [InlineData("a sender", MailServerStage.Mail, "550 5.7.1 no", "Refused Mail")]
    [InlineData("the chunk", MailServerStage.Content, "554 5.6.0 no", "Refused AfterFinalDot")]
    [InlineData("the chunk for now", MailServerStage.Content, "452 4.3.1 full", "Deferred AfterFinalDot")]
    [InlineData("nobody in particular", MailServerStage.Content, "cut", "Deferred AfterFinalDot")]
    public async Task A_refusal_has_its_stage_and_the_next_mail_goes_through(string why, MailServerStage stage, string reply, string expected)
    {
        await using var server = Start();
        server.Next(stage, reply == "cut" ? new MailServerOrder.Cut() : new MailServerOrder.Answer(reply));
        await using var connection = await ConnectAsync(server);
        string said = (await connection.SendAsync(To(One), Encoding.ASCII.GetBytes(Small), CancellationToken.None))[0] switch
        {
            DeliveryOutcome.Refused refused => $"Refused {refused.Stage}",
            DeliveryOutcome.Deferred deferred => $"Deferred {deferred.Stage}",
            var other => other.ToString(),
        };
        Assert.True(expected == said, $"{why}: {said}");
        if (reply != "cut")
        {
            Assert.IsType<DeliveryOutcome.Delivered>((await connection.SendAsync(To(One), Encoding.ASCII.GetBytes(Small), CancellationToken.None))[0]);
        }

        Assert.Empty(server.Complaints);
    }

    [Fact]
    public async Task A_refused_recipient_does_not_cost_the_others_the_mail()
    {
        await using var server = Start();
        server.ForRecipient("no@mx.example", new MailServerOrder.Answer("550 5.1.1 no"));
        var outcomes = await SendAsync(server, Small, "no@mx.example", One);
        Assert.IsType<DeliveryOutcome.Refused>(outcomes[0]);
        Assert.IsType<DeliveryOutcome.Delivered>(outcomes[1]);
        Assert.Equal(One, Assert.Single(server.Mails).Recipient);
    }

    [Fact]
    public async Task A_server_that_does_not_know_what_it_announces_gets_the_mail_by_DATA()
    {
        await using var server = Start();
        server.Next(MailServerStage.Data, new MailServerOrder.Answer("502 5.5.1 what"));
        await using var connection = await ConnectAsync(server);
        for (var mail = 0; mail < 2; mail++)
        {
            Assert.IsType<DeliveryOutcome.Delivered>((await connection.SendAsync(To(One), Encoding.ASCII.GetBytes(Small), CancellationToken.None))[0]);
        }

        Assert.Equal(2, server.Mails.Count);
        Assert.Single(server.Transcript.Split('\n'), line => line.Contains("BDAT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_pipelining_the_mail_goes_by_DATA()
    {
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions { Extensions = ["CHUNKING", "SIZE"] });
        Assert.IsType<DeliveryOutcome.Delivered>((await SendAsync(server, Small, One))[0]);
        Assert.DoesNotContain("BDAT", server.Transcript, StringComparison.Ordinal);
    }

    private static RecordingMailServer Start()
    {
        var options = new RecordingMailServerOptions();
        return RecordingMailServer.Start(options with { Extensions = [.. options.Extensions, "CHUNKING"] });
    }

    private static async Task<IReadOnlyList<DeliveryOutcome>> SendAsync(RecordingMailServer server, string content, params string[] recipients)
    {
        await using var connection = await ConnectAsync(server);
        return await connection.SendAsync(To(recipients), Encoding.ASCII.GetBytes(content), CancellationToken.None);
    }

    private static async Task<SmtpConnection> ConnectAsync(RecordingMailServer server)
    {
        var result = await SmtpConnection.ConnectAsync(new SmtpClientOptions { Port = server.Port }, TimeProvider.System, CancellationToken.None);
        return Assert.IsType<SmtpConnectResult.Connected>(result).Connection;
    }

    private static MailEnvelope To(params string[] recipients) => new(null, [.. recipients.Select(Address)]);

    private static MailAddress Address(string text) =>
        MailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
