using Relay.Smtp.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Smtp.Tests.Server;

/// <summary>A client that goes on sending after the session is over finds our last reply, if it does not go on for ever.</summary>
public sealed class LastReplyTests
{
    private static readonly byte[] Megabyte = [.. Enumerable.Repeat((byte)'x', (1024 * 1024) - 2), (byte)'\r', (byte)'\n'];

    [Theory]
    [InlineData("a chunk too big to be read", SmtpTlsMode.None, "BDAT 99999999 LAST", "552 5.3.4")]
    [InlineData("a chunk too big to be read", SmtpTlsMode.StartTls, "BDAT 99999999 LAST", "552 5.3.4")]
    [InlineData("a chunk too big to be read", SmtpTlsMode.Implicit, "BDAT 99999999 LAST", "552 5.3.4")]
    [InlineData("a chunk without a size", SmtpTlsMode.None, "BDAT all", "501 5.5.4")]
    [InlineData("a line that ends otherwise", SmtpTlsMode.None, "NOOP\n", "500 5.5.2")]
    [InlineData("one error too many", SmtpTlsMode.None, "FOO\r\nFOO\r\nFOO", "421 4.7.0")]
    [InlineData("one error too many", SmtpTlsMode.Implicit, "FOO\r\nFOO\r\nFOO", "421 4.7.0")]
    public async Task The_last_reply_reaches_a_client_that_sends_10_MB_more(string why, SmtpTlsMode tls, string command, string reply)
    {
        await using var server = await StartAsync(tls);
        await using var client = await DeafClient.ConnectAsync(server.EndPoint, tls);
        await client.SendAsync(command + "\r\n");
        for (var i = 0; i < 10; i++)
        {
            await Eventually.CompletesAsync(client.SendAsync(Megabyte), why);
        }

        Assert.Contains(reply, await client.ReadAsync("no end but the end"), StringComparison.Ordinal);
        Assert.Equal(1, server.Server.SessionCount); // Its place is its own as long as it is waited for.
        await client.DisposeAsync();
        await Eventually.TrueAsync(() => server.Server.SessionCount == 0, "the place is free");
    }

    [Fact]
    public async Task It_waits_for_no_more_than_32_MB()
    {
        await using var server = await StartAsync(SmtpTlsMode.None, new ManualTimeProvider());
        await using var client = await DeafClient.ConnectAsync(server.EndPoint, SmtpTlsMode.None);
        await client.SendAsync("BDAT 99999999 LAST\r\n");
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            // What the buffers between us hold comes on top.
            for (var i = 0; i < 60; i++)
            {
                await Eventually.CompletesAsync(client.SendAsync(Megabyte), "the octets go");
            }
        });
        await Eventually.TrueAsync(() => server.Server.SessionCount == 0, "the place is free");
    }

    [Fact]
    public async Task It_waits_for_no_longer_than_10_seconds()
    {
        var time = new ManualTimeProvider();
        await using var server = await StartAsync(SmtpTlsMode.None, time);
        await using var client = await DeafClient.ConnectAsync(server.EndPoint, SmtpTlsMode.None);
        await client.SayAsync("BDAT all", "501 ");
        for (var i = 0; i < 9; i++)
        {
            await client.SendAsync("drip");
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, server.Server.SessionCount);
        }

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return server.Server.SessionCount == 0;
            },
            "the place is free");
        Assert.True(time.GetUtcNow() - new ManualTimeProvider().GetUtcNow() < TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            // The first one finds the reset, the next one knows of it.
            for (var i = 0; i < 100; i++)
            {
                await client.SendAsync("drip");
                await Task.Delay(1);
            }
        });
    }

    [Fact]
    public async Task A_shutdown_does_not_wait_for_it()
    {
        await using var server = await StartAsync(SmtpTlsMode.None, new ManualTimeProvider());
        await using var client = await DeafClient.ConnectAsync(server.EndPoint, SmtpTlsMode.None);
        await client.SayAsync("BDAT all", "501 ");
        await Eventually.CompletesAsync(server.Server.StopAsync(CancellationToken.None), "the server stops");
    }

    [Fact]
    public async Task A_client_that_reads_its_last_reply_and_leaves_frees_its_place_at_once()
    {
        await using var server = await StartAsync(SmtpTlsMode.None, new ManualTimeProvider());
        await using (var client = await DeafClient.ConnectAsync(server.EndPoint, SmtpTlsMode.None))
        {
            await client.SendAsync("BDAT all\r\n");
            Assert.StartsWith("501 ", await client.ReadAsync("no end but the end"), StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(() => server.Server.SessionCount == 0, "the place is free");
    }

    private static Task<TestServer> StartAsync(SmtpTlsMode tls, TimeProvider? time = null) => TestServer.StartAsync(
        options =>
        {
            options.Limits.ErrorsPerSession = 3;
            options.Listeners[0].Tls = tls;
            options.Certificate = TestCertificate.SelfSigned("mx.example");
        },
        time);
}
