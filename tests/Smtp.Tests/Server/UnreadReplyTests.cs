using Microsoft.Extensions.Logging.Abstractions;
using Relay.Smtp.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Server;

/// <summary>Clients that read nothing of what they are sent: the window closes, and nothing but time ends the session.</summary>
public sealed class UnreadReplyTests
{
    [Theory]
    [InlineData("a command is next", SmtpTlsMode.None, "MAIL FROM:<later@c>\r\n")]
    [InlineData("a command is next", SmtpTlsMode.StartTls, "MAIL FROM:<later@c>\r\n")]
    [InlineData("a command is next", SmtpTlsMode.Implicit, "MAIL FROM:<later@c>\r\n")]
    [InlineData("the reply is the last one", SmtpTlsMode.None, "MAIL FROM:<never@c>\r\n")]
    [InlineData("the reply is the last one", SmtpTlsMode.StartTls, "MAIL FROM:<never@c>\r\n")]
    [InlineData("the reply is the last one", SmtpTlsMode.Implicit, "MAIL FROM:<never@c>\r\n")]
    [InlineData("the client says goodbye", SmtpTlsMode.None, "MAIL FROM:<later@c>\r\nQUIT\r\n")]
    [InlineData("the client says goodbye", SmtpTlsMode.Implicit, "MAIL FROM:<later@c>\r\nQUIT\r\n")]
    [InlineData("a handshake is next", SmtpTlsMode.None, "MAIL FROM:<later@c>\r\nSTARTTLS\r\n")]
    [InlineData("commands go on and on", SmtpTlsMode.None, "")]
    [InlineData("commands go on and on", SmtpTlsMode.StartTls, "")]
    [InlineData("commands go on and on", SmtpTlsMode.Implicit, "")]
    [InlineData("the reply is the last one", SmtpTlsMode.None, "MAIL FROM:<never@c>\r\n", true)]
    [InlineData("the reply is the last one", SmtpTlsMode.Implicit, "MAIL FROM:<never@c>\r\n", true)]
    public async Task A_session_whose_replies_are_not_read_ends_in_time_and_the_others_go_on(
        string why, SmtpTlsMode tls, string commands, bool usesKestrel = false)
    {
        var time = new ManualTimeProvider();
        await using var server = await StartAsync(tls == SmtpTlsMode.None ? SmtpTlsMode.StartTls : tls, time, usesKestrel);
        await using var deaf = await DeafClient.ConnectAsync(server.EndPoints[0], tls);
        var others = new List<WireClient>();
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
        {
            others.Add(await WireClient.ConnectAsync(server.EndPoints[1]));
            Assert.StartsWith("220", await others[i].ReplyAsync());
        }

        var sending = PourAsync(deaf, commands);
        await Eventually.TrueAsync(
            async () =>
            {
                foreach (var other in others)
                {
                    await other.TalkAsync("NOOP", "250");
                }

                time.Advance(TimeSpan.FromSeconds(30));
                return server.SessionCount == others.Count;
            },
            $"{why}: the session ends",
            TimeSpan.FromMinutes(1));
        foreach (var other in others)
        {
            await other.TalkAsync("QUIT", "221");
            other.Dispose();
        }

        // It waits for every session, also for what is left of one that has no place any more.
        var stopping = server.StopAsync(CancellationToken.None);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return stopping.IsCompleted;
            },
            $"{why}: nothing is left");
        await Eventually.CompletesAsync(sending, $"{why}: the client is cut");
    }

    private static async Task PourAsync(DeafClient client, string commands)
    {
        try
        {
            await client.SendAsync(commands);
            while (commands.Length == 0)
            {
                await client.SendAsync(string.Concat(Enumerable.Repeat("NOOP\r\nHELP\r\n", 1000)));
            }
        }
        catch (IOException)
        {
            // Cut, as it should be.
        }
    }

    private static async Task<SmtpServer> StartAsync(SmtpTlsMode tls, TimeProvider time, bool usesKestrel)
    {
        var options = new SmtpServerOptions { UsesKestrel = usesKestrel, Certificate = TestCertificate.SelfSigned("mx.example") };
        options.Limits.CommandsWithoutMail = int.MaxValue;
        options.Listeners.Add(new SmtpListenerOptions { Tls = tls });
        options.Listeners.Add(new SmtpListenerOptions());
        var server = new SmtpServer(options, new Talker(), time, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return server;
    }

    /// <summary>Refuses senders with more words than any buffer holds; "never" for good.</summary>
    private sealed class Talker : IMailHandler
    {
        private static readonly string Words = string.Join('\n', Enumerable.Repeat(new string('x', 400), 40_000));

        public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) =>
            new(SmtpReplies.Make(421, 4, 3, 2, Words) with { ClosesConnection = mail.ReversePath?.LocalPart == "never" });

        public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
            throw new InvalidOperationException("No sender is taken.");

        public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
            throw new InvalidOperationException("No sender is taken.");
    }
}
