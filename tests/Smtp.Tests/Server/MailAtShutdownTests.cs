using System.Net;
using System.Net.Sockets;
using System.Text;
using Relay.Smtp.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Smtp.Tests.Server;

/// <summary>RFC 5321 §3.8: a server that stops lets the mail that is coming come, however it comes, and says 421 behind it.</summary>
public sealed class MailAtShutdownTests
{
    private const string ToContent = "EHLO client.example\r\nMAIL FROM:<a@c>\r\nRCPT TO:<one@mx.example>\r\n";

    [Theory]
    [InlineData("DATA", SmtpTlsMode.None, "DATA\r\n", "354 ", "first half\r\n", "second half\r\n.\r\n")]
    [InlineData("DATA under TLS", SmtpTlsMode.Implicit, "DATA\r\n", "354 ", "first half\r\n", "second half\r\n.\r\n")]
    [InlineData("a last chunk", SmtpTlsMode.None, "NOOP\r\n", "250 2.0.0", "BDAT 25 LAST\r\nfirst half\r\n", "second half\r\n")]
    [InlineData("a last chunk under TLS", SmtpTlsMode.Implicit, "NOOP\r\n", "250 2.0.0", "BDAT 25 LAST\r\nfirst half\r\n", "second half\r\n")]
    public async Task What_is_coming_is_taken_and_421_follows(string why, SmtpTlsMode tls, string begin, string begun, string half, string rest)
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Listeners[0].Tls = tls;
            options.Certificate = TestCertificate.SelfSigned("mx.example");
        });
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.EndPoint);
        await using var stream = tls == SmtpTlsMode.Implicit ? await TestTls.ShakeHandsAsync(tcp.GetStream()) : (Stream)tcp.GetStream();
        using var replies = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        await SayAsync(stream, ToContent + begin);
        await UntilAsync(replies, begun);
        await SayAsync(stream, half);
        await Eventually.TrueAsync(() => server.Mails.Open == 1, "the content is coming");

        var stopping = server.Server.StopAsync(CancellationToken.None);
        await Eventually.TrueAsync(async () => await RefusesAsync(server.EndPoint), "it takes no more connections");
        Assert.False(stopping.IsCompleted);
        await SayAsync(stream, rest);

        await UntilAsync(replies, "250 2.0.0 accepted");
        await UntilAsync(replies, "421 4.3.2 ");
        Assert.Null(await replies.ReadLineAsync(TestContext.Current.CancellationToken));
        await Eventually.CompletesAsync(stopping, $"the server stops: {why}");
        Assert.Equal("first half\r\nsecond half\r\n", Assert.Single(server.Mails.Mails).Content);
    }

    [Fact]
    public async Task Behind_a_chunk_that_is_not_the_last_421_follows_and_nothing_is_taken()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.ReplyAsync();
        await client.TalkAsync("EHLO c", "250", "MAIL FROM:<a@c>", "250", "RCPT TO:<one@mx.example>", "250");
        await client.SendAsync("BDAT 25\r\nfirst half\r\n");
        await Eventually.TrueAsync(() => server.Mails.Open == 1, "the content is coming");

        var stopping = server.Server.StopAsync(CancellationToken.None);
        await client.SendAsync("second half\r\n");

        Assert.StartsWith("250", await client.ReplyAsync());
        Assert.StartsWith("421 4.3.2 ", await client.ReplyAsync());
        await Eventually.CompletesAsync(stopping, "the server stops");
        Assert.Empty(server.Mails.Mails);
        Assert.Equal(0, server.Mails.Open);
    }

    private static async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    private static async Task UntilAsync(StreamReader replies, string beginning)
    {
        while (true)
        {
            var line = await Eventually.CompletesAsync(replies.ReadLineAsync(), $"the server says {beginning}");
            Assert.NotNull(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private static async Task<bool> RefusesAsync(IPEndPoint server)
    {
        using var late = new TcpClient();
        try
        {
            await late.ConnectAsync(server);
            return false;
        }
        catch (SocketException)
        {
            // Nobody listens any more.
            return true;
        }
    }
}
