using System.Net;
using System.Net.Sockets;
using Relay.Smtp.Server;
using Relay.TestKit;

namespace Relay.Smtp.Tests.Server;

/// <summary>How long, how many, and what happens at the end.</summary>
public sealed class TimeAndPlaceTests
{
    private static readonly string[] ToData =
        ["HELO c", "250", "MAIL FROM:<a@c>", "250", "RCPT TO:<one@mx.example>", "250", "DATA", "354"];

    [Fact]
    public async Task An_idle_session_ends_after_five_minutes_and_not_before()
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(time: time);
        using var client = await GreetedAsync(server);
        time.Advance(TimeSpan.FromSeconds(299));
        await client.TalkAsync("NOOP", "250");
        await IsTimedOutAsync(time, client);
        Assert.Null(await client.ReplyAsync());
    }

    [Fact]
    public async Task Octets_that_drip_do_not_make_a_command_any_later()
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(time: time);
        using var client = await GreetedAsync(server);
        var start = time.GetUtcNow();
        await IsTimedOutAsync(time, client, () => client.TrySendAsync("N"));
        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(340));
    }

    [Fact]
    public async Task Content_that_stops_coming_ends_the_session()
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(time: time);
        using var client = await GreetedAsync(server);
        await client.TalkAsync(ToData);
        await client.SendAsync("half a line");
        await IsTimedOutAsync(time, client);
        Assert.Empty(server.Mails.Mails);
        await Eventually.TrueAsync(() => server.Mails.Open == 0, "the delivery is disposed");
    }

    [Fact]
    public async Task Content_that_drips_ends_the_session_in_the_end()
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(
            options =>
            {
                options.Limits.DataTimeout = TimeSpan.FromMinutes(10);
                options.Limits.MinimumDataRate = 0;
            },
            time);
        using var client = await GreetedAsync(server);
        await client.TalkAsync(ToData);
        var start = time.GetUtcNow();
        await IsTimedOutAsync(time, client, () => client.TrySendAsync("x\r\n"));
        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromMinutes(9.5), TimeSpan.FromMinutes(11));
    }

    [Theory]
    [InlineData("by DATA", "DATA", "354")]
    [InlineData("by BDAT, a chunk that never fills", "BDAT 1000000 LAST", "")]
    public async Task A_sender_below_the_minimum_rate_loses_the_session_when_its_grace_is_used_up(string why, string command, string reply)
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(
            options =>
            {
                options.Limits.MinimumDataRate = 100;
                options.Limits.DataRateGrace = TimeSpan.FromMinutes(5);
            },
            time);
        using var client = await GreetedAsync(server);
        await client.TalkAsync(ToData[..^2]);
        await client.SendAsync(command + "\r\n");
        if (reply.Length > 0)
        {
            Assert.StartsWith(reply, await client.ReplyAsync());
        }

        // 2,400 octets a minute where 6,000 are asked for: within 5 minutes and what those octets earn, 40 of each 100 s.
        var start = time.GetUtcNow();
        await IsTimedOutAsync(time, client, () => client.TrySendAsync(string.Concat(Enumerable.Repeat("0123456789abcdef012345678901234567890\r\n", 60))));
        Assert.True(time.GetUtcNow() - start < TimeSpan.FromMinutes(12), why);
        Assert.True(time.GetUtcNow() - start > TimeSpan.FromMinutes(4), why);
        Assert.Empty(server.Mails.Mails);
    }

    [Fact]
    public async Task Chunks_that_drip_end_the_session_like_content_that_does_though_each_comes_in_time()
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(time: time);
        using var client = await GreetedAsync(server);
        await client.TalkAsync(ToData[..^2]);
        var start = time.GetUtcNow();
        string? reply;
        do
        {
            await client.SendAsync("BDAT 1\r\nx");
            reply = await client.ReplyAsync();
            time.Advance(TimeSpan.FromSeconds(20));
        }
        while (reply == "250 2.0.0 1 octets taken" && time.GetUtcNow() - start < TimeSpan.FromHours(1));
        Assert.Equal("421 4.4.2 timed out", reply);
        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
        Assert.Null(await client.ReplyAsync());
    }

    [Theory]
    [InlineData("errors", "FOO", "421 4.7.0 too many errors")]
    [InlineData("commands", "NOOP", "421 4.7.0 too many commands without a mail")]
    [InlineData("chunks without an octet", "BDAT 0", "421 4.7.0 too many commands without a mail")]
    public async Task A_chunk_that_is_taken_is_no_mail_and_forgives_nothing(string why, string command, string end)
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Limits.CommandsWithoutMail = 30;
            options.Limits.ErrorDelay = TimeSpan.Zero;
        });
        using var client = await GreetedAsync(server);
        await client.TalkAsync(ToData[..^2]);
        string? reply = null;
        for (var i = 0; i < 100 && reply?.StartsWith("421", StringComparison.Ordinal) != true; i++)
        {
            await client.TalkAsync("BDAT 2\r\n", "250"); // its octets are the line end
            await client.SendAsync(command + "\r\n");
            reply = await client.ReplyAsync();
        }

        Assert.True(reply == end, $"{why}: {reply}");
    }

    [Fact]
    public async Task A_mail_may_have_more_chunks_than_a_session_may_have_commands()
    {
        await using var server = await TestServer.StartAsync(options => options.Limits.CommandsWithoutMail = 30);
        using var client = await GreetedAsync(server);
        await client.TalkAsync(ToData[..^2]);
        for (var i = 0; i < 100; i++)
        {
            await client.TalkAsync("BDAT 2\r\n", "250");
        }

        await client.TalkAsync("BDAT 0 LAST", "250", "NOOP", "250");
        Assert.Equal(200, Assert.Single(server.Mails.Mails).Content.Length);
    }

    [Fact]
    public async Task A_sender_that_was_fast_may_pause()
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(options => options.Limits.DataRateGrace = TimeSpan.FromSeconds(10), time);
        using var client = await GreetedAsync(server);
        await client.TalkAsync(ToData);
        await client.SendAsync(string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 100)));
        await client.SendAsync("MARK\r\n");
        await Eventually.TrueAsync(() => server.Mails.Written >= 100_000, "the content is there");
        time.Advance(TimeSpan.FromMinutes(2));
        await client.TalkAsync("x\r\n.", "250");
    }

    [Fact]
    public async Task A_client_that_reads_nothing_is_cut()
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(options => options.Limits.CommandsWithoutMail = int.MaxValue, time);
        using var client = await GreetedAsync(server);
        // Replies to these fill every buffer between us, and then nothing moves.
        var many = string.Concat(Enumerable.Repeat("HELP\r\n", 10_000));
        long sent = 0;
        var sending = Task.Run(async () =>
        {
            while (true)
            {
                await client.SendAsync(many);
                Interlocked.Increment(ref sent);
            }
        });
        var (seen, still) = (-1L, 0);
        await Eventually.TrueAsync(
            () =>
            {
                (still, seen) = (Interlocked.Read(ref sent) == seen ? still + 1 : 0, Interlocked.Read(ref sent));
                return still == 50;
            },
            "every buffer is full",
            TimeSpan.FromMinutes(1));
        Assert.False(sending.IsCompleted); // nothing but time ends it
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return sending.IsCompleted;
            },
            "the connection is cut",
            TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<SocketException>(() => sending);
        // The client may see the cut before the server has cleared up behind it.
        await Eventually.TrueAsync(() => server.Server.SessionCount == 0, "the place is free");
    }

    [Fact]
    public async Task Sessions_have_places()
    {
        await using var server = await TestServer.StartAsync(options => options.Limits.Sessions = 2);
        using var one = await GreetedAsync(server);
        using (await GreetedAsync(server))
        {
            using var third = await WireClient.ConnectAsync(server.EndPoint);
            Assert.Equal("421 4.3.2 too many sessions, try again later", await third.ReplyAsync());
            Assert.Null(await third.ReplyAsync());
        }

        await Eventually.TrueAsync(() => server.Server.SessionCount == 1, "the place is free");
        using var next = await GreetedAsync(server);
    }

    [Fact]
    public async Task Each_client_has_its_places_and_loopback_as_many_as_it_likes()
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Limits.SessionsPerClient = 1;
            options.Listeners[0].ProxyNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
        });
        Assert.StartsWith("220", await GreetingAsync("192.0.2.1"));
        Assert.StartsWith("421 4.7.0", await GreetingAsync("192.0.2.1"));
        Assert.StartsWith("220", await GreetingAsync("192.0.2.2"));
        Assert.StartsWith("220", await GreetingAsync("127.0.0.1"));
        Assert.StartsWith("220", await GreetingAsync("127.0.0.1"));
        Assert.StartsWith("220", await GreetingAsync("::1"));
        Assert.StartsWith("220", await GreetingAsync("::1"));

        async Task<string?> GreetingAsync(string from)
        {
            var client = await WireClient.ConnectAsync(server.EndPoint);
            await client.SendAsync($"PROXY {(from.Contains(':') ? "TCP6" : "TCP4")} {from} 192.0.2.100 5000 25\r\n");
            return await client.ReplyAsync();
        }
    }

    [Fact]
    public void An_IPv6_client_has_its_places_with_whatever_address_of_its_network_it_comes()
    {
        var table = new SessionTable(new SmtpServerLimits { SessionsPerClient = 2 });
        Assert.Null(table.Enter(IPAddress.Parse("2001:db8:1:2::1")));
        Assert.Null(table.Enter(IPAddress.Parse("2001:db8:1:2:ffff::2")));
        Assert.Equal(421, table.Enter(IPAddress.Parse("2001:db8:1:2::3"))?.Code);
        Assert.Null(table.Enter(IPAddress.Parse("2001:db8:1:3::1")));
        table.Leave(IPAddress.Parse("2001:db8:1:2:ffff::2"));
        Assert.Null(table.Enter(IPAddress.Parse("2001:db8:1:2::4")));
    }

    [Theory]
    [InlineData("as it is", "192.0.2.1", "192.0.2.1")]
    [InlineData("IPv4 on a socket for both", "::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("our own name of the interface is none of its address, and no literal of RFC 5321", "fe80::1%2", "fe80::1")]
    public void A_client_is_named_by_its_address_alone(string why, string peer, string expected) =>
        Assert.True(ProxiedAddress.Plain(IPAddress.Parse(peer)).ToString() == expected, why);

    [Fact]
    public async Task Repeated_errors_are_answered_slowly()
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(options => options.Limits.ErrorsBeforeDelay = 2, time);
        using var client = await GreetedAsync(server);
        await client.TalkAsync("FOO", "500", "FOO", "500");
        var before = time.ArmedTimers;
        await client.SendAsync("FOO\r\n");
        var reply = client.ReplyAsync();
        await Eventually.TrueAsync(() => time.ArmedTimers > before, "the reply waits");
        Assert.False(reply.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith("500", await reply);
    }

    [Fact]
    public async Task A_client_that_leaves_at_the_dot_does_not_undo_the_commit()
    {
        await using var server = await TestServer.StartAsync();
        var gate = new TaskCompletionSource();
        server.Mails.Gate = gate.Task;
        using (var client = await GreetedAsync(server))
        {
            await client.TalkAsync(ToData);
            await client.SendAsync("x\r\n.\r\n");
        }

        gate.SetResult();
        await Eventually.TrueAsync(() => !server.Mails.Mails.IsEmpty, "the mail is kept");
    }

    [Fact]
    public async Task One_slow_commit_does_not_keep_the_others_from_talking()
    {
        await using var server = await TestServer.StartAsync();
        var gate = new TaskCompletionSource();
        server.Mails.Gate = gate.Task;
        using var slow = await GreetedAsync(server);
        await slow.TalkAsync(ToData);
        await slow.SendAsync("x\r\n.\r\n");
        using var other = await GreetedAsync(server);
        await other.TalkAsync(ToData);
        Assert.Empty(server.Mails.Mails);
        gate.SetResult();
        Assert.StartsWith("250", await slow.ReplyAsync());
    }

    [Fact]
    public void Wrong_options_are_named_all_at_once()
    {
        var options = new SmtpServerOptions { HostName = "", MaxMessageBytes = 0 };
        options.Limits.Recipients = 99;
        options.Limits.IdleTimeout = TimeSpan.Zero;
        options.Listeners.Add(new SmtpListenerOptions { Tls = SmtpTlsMode.Implicit, Port = -1 });
        Assert.Equal(
            ["HostName", "Port", "Certificate", "MaxMessageBytes", "Recipients", "IdleTimeout"],
            options.Faults().Select(fault => fault.Split(' ')[0]));
    }

    [Theory]
    [InlineData("LMTP where SMTP is expected, RFC 2033 §5", SmtpProtocol.Lmtp, 25, 1)]
    [InlineData("SMTP there", SmtpProtocol.Smtp, 25, 0)]
    [InlineData("LMTP on its own port", SmtpProtocol.Lmtp, 24, 0)]
    public void Ports(string why, SmtpProtocol protocol, int port, int faults)
    {
        var options = new SmtpServerOptions();
        options.Listeners.Add(new SmtpListenerOptions { Protocol = protocol, Port = port });
        Assert.True(faults == options.Faults().Count(), why);
    }

    private static async Task<WireClient> GreetedAsync(TestServer server)
    {
        var client = await WireClient.ConnectAsync(server.EndPoint);
        Assert.StartsWith("220", await client.ReplyAsync());
        return client;
    }

    /// <summary>
    /// Moves the hand until the session is told that it is late. In small steps, since when the server sets its next deadline cannot be seen
    /// from here, and a client that takes no reply long after its deadline is cut.
    /// </summary>
    private static async Task IsTimedOutAsync(ManualTimeProvider time, WireClient client, Func<Task>? eachMinute = null)
    {
        var reply = client.ReplyAsync();
        var steps = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                if (steps++ % 30 == 0 && eachMinute is not null)
                {
                    await eachMinute();
                }

                time.Advance(TimeSpan.FromSeconds(2));
                return reply.IsCompleted;
            },
            "the session is told");
        Assert.Equal("421 4.4.2 timed out", await reply);
    }
}
