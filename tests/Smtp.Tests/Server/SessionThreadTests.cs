using System.Buffers;
using Relay.Smtp.Server;
using Relay.Smtp.Sockets;
using Relay.TestKit;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Server;

/// <summary>A session does not stay on the thread of whoever told it that its mail is stored.</summary>
public sealed class SessionThreadTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_follows_a_mail_does_not_run_on_the_thread_that_stored_it(bool usesKestrel)
    {
        var options = new SmtpServerOptions { UsesKestrel = usesKestrel };
        options.Listeners.Add(new SmtpListenerOptions());
        var handler = new ForeignHandler();
        await using var server = new SmtpServer(
            options, handler, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        using var client = await WireClient.ConnectAsync(server.EndPoints[0]);
        await client.ReplyAsync();

        // All at once: the next MAIL is there already when the mail before it is stored.
        await client.SendAsync(
            "EHLO c\r\nMAIL FROM:<a@c>\r\nRCPT TO:<b@x>\r\nDATA\r\n"
            + string.Concat(Enumerable.Repeat("hello\r\n.\r\nMAIL FROM:<a@c>\r\nRCPT TO:<b@x>\r\nDATA\r\n", 3)) + "last\r\n.\r\nQUIT\r\n");
        while (await client.ReplyAsync() is not null)
        {
            // To the end: what was stored counts below.
        }

        Assert.Equal(4, handler.Stored);
        Assert.Equal(8, handler.Askers.Count);
        Assert.DoesNotContain(handler.Askers, asker => asker.Name == ForeignHandler.ThreadName);
        Assert.All(handler.Askers, asker => Assert.True(usesKestrel ? asker.IsThreadPoolThread : asker == handler.Askers[0], asker.Name));
    }

    [Fact]
    public async Task What_is_posted_runs_on_the_loop_in_its_order_and_behind_its_end_on_the_pool()
    {
        var loop = new ReadyLoop();
        var ran = new List<int>();
        for (var i = 0; i < 1000; i++)
        {
            var number = i;
            loop.Post(() => ran.Add(loop.IsHere ? number : -1));
        }

        var last = new TaskCompletionSource();
        loop.Post(last.SetResult);
        await Eventually.CompletesAsync(last.Task, "the last one ran");
        Assert.Equal(Enumerable.Range(0, 1000), ran);

        loop.Dispose();
        loop.Dispose();
        var late = new TaskCompletionSource<bool>();
        loop.Post(() => late.SetResult(Thread.CurrentThread.IsThreadPoolThread));
        Assert.True(await Eventually.CompletesAsync(late.Task, "who comes late is run all the same"));
    }

    /// <summary>Stores on a thread of its own, and notes on which it is asked.</summary>
    private sealed class ForeignHandler : IMailHandler
    {
        public const string ThreadName = "store";

        private int _stored;

        public List<Thread> Askers { get; } = [];

        public int Stored => _stored;

        public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) => Ask(SmtpReplies.Ok);

        public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
            new(SmtpReplies.Ok);

        public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) => Ask<IMailDelivery>(new Delivery(this));

        private ValueTask<T> Ask<T>(T answer)
        {
            Askers.Add(Thread.CurrentThread);
            return new(answer);
        }

        private sealed class Delivery(ForeignHandler handler) : IMailDelivery
        {
            public bool CommitMayBlock => false;

            public ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct) => default;

            public async ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
            {
                var stored = new TaskCompletionSource();
                var thread = new Thread(stored.SetResult) { Name = ThreadName };
                var wait = stored.Task;
                thread.Start();
                await wait;
                handler._stored++;
                return SmtpReplies.Make(250, 2, 0, 0, "stored");
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
