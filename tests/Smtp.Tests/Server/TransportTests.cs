using System.Buffers;
using System.Net;
using Relay.Smtp.Server;
using Relay.Smtp.Sockets;
using Relay.TestKit;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Server;

/// <summary>What sessions stand on: loops of our own, or Kestrel's connections where there are none.</summary>
public sealed class TransportTests
{
    private static readonly string[] ToData = ["EHLO c", "250", "MAIL FROM:<a@c>", "250", "RCPT TO:<b@x>", "250", "DATA", "354"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mails_of_many_sessions_come_whole(bool usesKestrel)
    {
        await using var server = await TestServer.StartAsync(options => options.UsesKestrel = usesKestrel);
        var line = new string('x', 998) + "\r\n";
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async session =>
        {
            using var client = await WireClient.ConnectAsync(server.EndPoint);
            await client.ReplyAsync();
            await client.TalkAsync(ToData);
            for (var i = 0; i < 300; i++)
            {
                await client.SendAsync(line);
            }

            await client.TalkAsync($"{session}\r\n.", "250", "QUIT", "221");
            Assert.Null(await client.ReplyAsync());
        }));

        Assert.Equal(20, server.Mails.Mails.Select(mail => mail.Content).Distinct().Count());
        Assert.All(server.Mails.Mails, mail => Assert.InRange(mail.Content.Length, 300_003, 300_004));
        await Eventually.TrueAsync(() => Task.FromResult(server.Server.SessionCount == 0), "all sessions are over");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_group_of_commands_larger_than_any_buffer_is_answered_whole(bool usesKestrel)
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.UsesKestrel = usesKestrel;
            options.Limits.CommandsWithoutMail = 1_000_000;
        });
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.ReplyAsync();
        const int Commands = 200_000;
        var saying = client.SendAsync(string.Concat(Enumerable.Repeat("NOOP\r\n", Commands)));
        for (var i = 0; i < Commands; i++)
        {
            Assert.StartsWith("250", await client.ReplyAsync());
        }

        await saying;
        await client.TalkAsync("QUIT", "221");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_waits_for_its_disk_does_not_stop_the_others_from_talking(bool usesKestrel)
    {
        using var disk = new ManualResetEventSlim();
        var options = new SmtpServerOptions { UsesKestrel = usesKestrel };
        options.Listeners.Add(new SmtpListenerOptions());
        await using var server = new SmtpServer(
            options, new BlockingHandler(disk), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        var clients = new List<WireClient>();
        try
        {
            for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
            {
                clients.Add(await WireClient.ConnectAsync(server.EndPoints[0]));
                await clients[i].ReplyAsync();
            }

            await clients[0].TalkAsync(ToData);
            await clients[0].SendAsync("octets\r\n.\r\n");
            foreach (var other in clients.Skip(1))
            {
                await other.TalkAsync("NOOP", "250");
            }

            using var late = await WireClient.ConnectAsync(server.EndPoints[0]);
            await late.TalkAsync("NOOP", "220");
            disk.Set();
            Assert.StartsWith("250", await clients[0].ReplyAsync());
        }
        finally
        {
            disk.Set();
            clients.ForEach(client => client.Dispose());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_whose_greeting_waits_for_the_directory_of_accounts_does_not_stop_the_others_from_talking(bool usesKestrel)
    {
        using var directory = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(options =>
        {
            options.UsesKestrel = usesKestrel;
            options.AllowAuthInTheClear = true;
            options.Authenticator = new TestAccounts { Directory = directory };
        });
        using var greets = await WireClient.ConnectAsync(server.EndPoint);
        await greets.ReplyAsync();
        var others = new List<WireClient>();
        try
        {
            for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
            {
                others.Add(await WireClient.ConnectAsync(server.EndPoint));
                await others[i].ReplyAsync();
            }

            await greets.SendAsync("EHLO c\r\n");
            foreach (var other in others)
            {
                await other.TalkAsync("NOOP", "250");
            }

            directory.Set();
            Assert.StartsWith("250", await greets.ReplyAsync());
        }
        finally
        {
            directory.Set();
            others.ForEach(other => other.Dispose());
        }
    }

    [Fact]
    public async Task A_flood_of_connections_is_not_accepted_on_the_loop_for_ever()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("needs epoll");
        }

        using var transport = new LoopTransport(1, 0);
        await using var listener = await transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var clients = new List<WireClient>();
        for (var i = 0; i < 200; i++)
        {
            clients.Add(await WireClient.ConnectAsync((IPEndPoint)listener.EndPoint));
        }

        // A thread that is not the pool's stands for the loop's.
        var accepting = Task.Factory.StartNew(
            async () =>
            {
                var count = 0;
                while (count < clients.Count && !Thread.CurrentThread.IsThreadPoolThread)
                {
                    await using var connection = await listener.AcceptAsync();
                    count++;
                }

                return count;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap();
        Assert.InRange(await Eventually.CompletesAsync(accepting, "the accepts"), 2, clients.Count - 1);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_connection_that_is_reset_ends_its_session_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        using var stays = await WireClient.ConnectAsync(server.EndPoint);
        await stays.TalkAsync("NOOP", "220");
        for (var i = 0; i < 50; i++)
        {
            using var leaves = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await leaves.ConnectAsync(server.EndPoint);
            leaves.LingerState = new System.Net.Sockets.LingerOption(enable: true, 0); // Closing says RST.
        }

        await Eventually.TrueAsync(() => Task.FromResult(server.Server.SessionCount == 1), "the others are over");
        await stays.TalkAsync("QUIT", "250");
    }

    /// <summary>Its commits hold their thread until the disk comes back.</summary>
    private sealed class BlockingHandler(ManualResetEventSlim disk) : IMailHandler, IMailDelivery
    {
        public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) => new(SmtpReplies.SenderOk);

        public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
            new(SmtpReplies.RecipientOk);

        public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) => new(this);

        public ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct) => ValueTask.CompletedTask;

        public ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
        {
            disk.Wait(TimeSpan.FromSeconds(60), ct);
            return new(SmtpReplies.Ok);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
