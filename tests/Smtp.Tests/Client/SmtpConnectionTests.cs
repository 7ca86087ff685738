using System.Text;
using Relay.Smtp.Client;
using Relay.Smtp.Tests.Server;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Client;

/// <summary>Our client against our server.</summary>
public sealed class SmtpConnectionTests
{
    private static readonly byte[] Content = "Subject: x\r\n\r\n.dot\r\n..\r\n"u8.ToArray();

    [Fact]
    public async Task A_mail_arrives_octet_for_octet()
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await ConnectAsync(server);
        var outcomes = await connection.SendAsync(To("one@mx.example"), Content, CancellationToken.None);
        var delivered = Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(outcomes));
        Assert.Equal("250 2.0.0 accepted id=<m1>", delivered.Reply.ToString());
        Assert.Equal(Encoding.Latin1.GetString(Content), Assert.Single(server.Mails.Mails).Content);
    }

    [Fact]
    public async Task Each_recipient_has_an_outcome_of_its_own()
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await ConnectAsync(server);
        var outcomes = await connection.SendAsync(To("one@mx.example", "unknown@mx.example", "busy@mx.example"), Content, CancellationToken.None);
        Assert.IsType<DeliveryOutcome.Delivered>(outcomes[0]);
        Assert.Equal(DeliveryStage.Recipient, Assert.IsType<DeliveryOutcome.Refused>(outcomes[1]).Stage);
        Assert.Equal(DeliveryStage.Recipient, Assert.IsType<DeliveryOutcome.Deferred>(outcomes[2]).Stage);
        Assert.Single(Assert.Single(server.Mails.Mails).Transaction.Recipients);
    }

    [Fact]
    public async Task A_connection_is_used_again_after_a_refused_mail()
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await ConnectAsync(server);
        Assert.IsType<DeliveryOutcome.Refused>((await connection.SendAsync(To("unknown@mx.example"), Content, CancellationToken.None))[0]);
        Assert.True(connection.IsUsable);
        Assert.IsType<DeliveryOutcome.Delivered>((await connection.SendAsync(To("one@mx.example"), Content, CancellationToken.None))[0]);
        await connection.QuitAsync(CancellationToken.None);
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task Nobody_listens_is_deferred_at_Connect()
    {
        var server = await TestServer.StartAsync();
        var port = server.EndPoint.Port;
        await server.DisposeAsync();
        var result = await SmtpConnection.ConnectAsync(new SmtpClientOptions { Port = port }, TimeProvider.System, CancellationToken.None);
        var failed = Assert.IsType<SmtpConnectResult.Failed>(result);
        Assert.Equal(DeliveryStage.Connect, Assert.IsType<DeliveryOutcome.Deferred>(failed.Outcome).Stage);
    }

    private static async Task<SmtpConnection> ConnectAsync(TestServer server)
    {
        var options = new SmtpClientOptions { Port = server.EndPoint.Port };
        var result = await SmtpConnection.ConnectAsync(options, TimeProvider.System, CancellationToken.None);
        return Assert.IsType<SmtpConnectResult.Connected>(result).Connection;
    }

    private static MailEnvelope To(params string[] recipients) => new(Address("a@client.example"), [.. recipients.Select(Address)]);

    private static MailAddress Address(string text) =>
        MailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
