using System.Buffers;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Server;

/// <summary>What a session costs, whatever the client pours in.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests
{
    private static readonly byte[] Megabyte = [.. Enumerable.Repeat((byte)'x', 1024 * 1024 - 2), (byte)'\r', (byte)'\n'];

    [Fact]
    public async Task A_mail_of_100_MB_passes_through_without_being_held()
    {
        var counter = new Counter();
        await using var server = await StartAsync(counter);
        using var client = await WireClient.ConnectAsync(server.EndPoints[0]);
        await client.ReplyAsync();
        await client.TalkAsync("HELO c", "250", "MAIL FROM:<>", "250", "RCPT TO:<a@x>", "250", "DATA", "354");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = before;
        for (var i = 0; i < 100; i++)
        {
            await client.SendAsync(Megabyte);
            most = i % 10 == 9 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: true)) : most;
        }

        await client.TalkAsync(".", "250");
        Assert.InRange(counter.Octets, 100L * 1024 * 1024, (100L * 1024 * 1024) + 500);
        Assert.True(most - before < 4 * 1024 * 1024, $"grew by {(most - before) / 1024} KB");
    }

    [Fact]
    public async Task A_command_line_that_never_ends_is_not_held_either()
    {
        await using var server = await StartAsync(new Counter());
        using var client = await WireClient.ConnectAsync(server.EndPoints[0]);
        await client.ReplyAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = before;
        for (var i = 0; i < 50; i++)
        {
            await client.SendAsync(Megabyte.AsMemory(0, Megabyte.Length - 2));
            most = i % 10 == 9 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: true)) : most;
        }

        Assert.True(most - before < 4 * 1024 * 1024, $"grew by {(most - before) / 1024} KB");
        await client.TalkAsync("", "500", "NOOP", "250");
    }

    [Fact]
    public async Task A_thousand_idle_sessions_cost_less_than_30_KB_each()
    {
        const int count = 1000;
        await using var server = await StartAsync(new Counter());
        var clients = new List<WireClient>(count);
        try
        {
            using var warm = await WireClient.ConnectAsync(server.EndPoints[0]);
            await warm.TalkAsync("", "220");
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < count; i++)
            {
                var client = await WireClient.ConnectAsync(server.EndPoints[0]);
                clients.Add(client);
                await client.TalkAsync("EHLO c", "220");
                Assert.StartsWith("250", await client.ReplyAsync());
                await client.TalkAsync("MAIL FROM:<a@c>", "250");
            }

            // Both ends live in this process: the client's share is in the figure too.
            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
            Assert.True(each < 30 * 1024, $"{each} octets a session");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task<SmtpServer> StartAsync(IMailHandler handler)
    {
        var options = new SmtpServerOptions { MaxMessageBytes = 200L * 1024 * 1024 };
        options.Listeners.Add(new SmtpListenerOptions());
        var server = new SmtpServer(options, handler, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return server;
    }

    /// <summary>Takes everything and keeps nothing.</summary>
    private sealed class Counter : IMailHandler, IMailDelivery
    {
        public long Octets { get; private set; }

        public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) => new(SmtpReplies.SenderOk);

        public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
            new(SmtpReplies.RecipientOk);

        public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) => new(this);

        public ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
        {
            Octets += content.Length;
            return ValueTask.CompletedTask;
        }

        public ValueTask<SmtpReply> CommitAsync(CancellationToken ct) => new(SmtpReplies.Ok);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
