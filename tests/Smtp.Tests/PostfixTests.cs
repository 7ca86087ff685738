using Relay.Smtp.Client;
using Relay.Smtp.Server;
using Relay.Smtp.Tests.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests;

/// <summary>Postfix as the server that we send to, and as the client that sends to us, by SMTP and by LMTP.</summary>
public sealed class PostfixTests
{
    [Theory]
    [InlineData("by SMTP", SmtpProtocol.Smtp, SmtpTlsMode.None, "ESMTP")]
    [InlineData("by SMTP under TLS, which it finds announced", SmtpProtocol.Smtp, SmtpTlsMode.StartTls, "ESMTPS")]
    [InlineData("by LMTP, as the front of a mail system", SmtpProtocol.Lmtp, SmtpTlsMode.None, "LMTP")]
    public async Task A_mail_passes_through_Postfix_to_us(string why, SmtpProtocol protocol, SmtpTlsMode tls, string word)
    {
        Assert.SkipWhen(PostfixInstance.Absence is not null, PostfixInstance.Absence ?? "");
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Listeners[0].Protocol = protocol;
            options.Listeners[0].Tls = tls;
            options.Certificate = TestCertificate.SelfSigned("localhost");
        });
        var to = server.EndPoint.Port;
        await using var postfix = await PostfixInstance.StartAsync(protocol == SmtpProtocol.Lmtp ? $"lmtp:inet:127.0.0.1:{to}" : $"smtp:[127.0.0.1]:{to}");
        var outcomes = await SendAsync(postfix.Port, "one@mx.example", "two@mx.example");
        Assert.All(outcomes, outcome => Assert.True(outcome is DeliveryOutcome.Delivered, $"{why}: {outcome}"));
        await Eventually.TrueAsync(() => !server.Mails.Mails.IsEmpty, $"the mail comes {why}: {postfix.Log}");
        var mail = server.Mails.Mails.First();
        Assert.Equal(2, mail.Transaction.Recipients.Count);
        Assert.Contains($"with {word} id", mail.Trace, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n.dot\r\n..\r\n", mail.Content);
    }

    private static async Task<IReadOnlyList<DeliveryOutcome>> SendAsync(int port, params string[] recipients)
    {
        var options = new SmtpClientOptions { Port = port, HelloName = "client.example" };
        var result = await SmtpConnection.ConnectAsync(options, TimeProvider.System, CancellationToken.None);
        await using var connection = Assert.IsType<SmtpConnectResult.Connected>(result).Connection;
        var envelope = new MailEnvelope(null, [.. recipients.Select(Address)]) { Notify = "FAILURE", Ret = "HDRS", EnvelopeId = "1" };
        return await connection.SendAsync(envelope, "Subject: x\r\n\r\n.dot\r\n..\r\n"u8.ToArray(), CancellationToken.None);
    }

    private static MailAddress Address(string text) =>
        MailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
