using Relay.TestKit;

namespace Relay.Smtp.Tests.Server;

/// <summary>What a stop of the server finds its sessions at, and how each ends (RFC 5321 §3.8).</summary>
public sealed class ShutdownTests
{
    private static readonly string[] ToData =
        ["HELO c", "250", "MAIL FROM:<a@c>", "250", "RCPT TO:<one@mx.example>", "250", "DATA", "354"];

    [Fact]
    public async Task A_shutdown_tells_idle_sessions()
    {
        await using var server = await TestServer.StartAsync();
        using var idle = await GreetedAsync(server);
        await server.Server.StopAsync(CancellationToken.None);
        Assert.Equal("421 4.3.2 shutting down", await idle.ReplyAsync());
        Assert.Null(await idle.ReplyAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => WireClient.ConnectAsync(server.EndPoint));
    }

    [Theory]
    [InlineData("a refused command", "FOO", "500")]
    [InlineData("a wrong password", "AUTH PLAIN AGpvZQB3cm9uZw==", "535")]
    public async Task A_shutdown_does_not_wait_for_a_reply_that_waits(string why, string command, string reply)
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(
            options =>
            {
                options.Limits.ErrorsBeforeDelay = 0;
                (options.Authenticator, options.AllowAuthInTheClear) = (new TestAccounts(), true);
            },
            time);
        using var client = await GreetedAsync(server);
        await client.TalkAsync("HELO c", "250");
        var before = time.ArmedTimers;
        await client.SendAsync($"{command}\r\n");
        await Eventually.TrueAsync(() => time.ArmedTimers > before, "the reply waits");
        await Eventually.CompletesAsync(server.Server.StopAsync(CancellationToken.None), $"the server stops: {why}");
        Assert.StartsWith(reply, await client.ReplyAsync());
        Assert.Equal("421 4.3.2 shutting down", await client.ReplyAsync());
    }

    [Fact]
    public async Task A_shutdown_finishes_what_is_in_DATA()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await GreetedAsync(server);
        await client.TalkAsync(ToData);
        await client.SendAsync("first half\r\n");
        var stopping = server.Server.StopAsync(CancellationToken.None);
        await client.TalkAsync("second half\r\n.", "250");
        Assert.Equal("421 4.3.2 shutting down", await client.ReplyAsync());
        await stopping;
        Assert.Equal("first half\r\nsecond half\r\n", Assert.Single(server.Mails.Mails).Content);
    }

    [Fact]
    public async Task A_shutdown_does_not_wait_for_ever()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await GreetedAsync(server);
        await client.TalkAsync(ToData);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Eventually.CompletesAsync(server.Server.StopAsync(limit.Token), "the server stops");
        Assert.Null(await client.ReplyAsync());
        Assert.Equal(0, server.Mails.Open);
    }

    private static async Task<WireClient> GreetedAsync(TestServer server)
    {
        var client = await WireClient.ConnectAsync(server.EndPoint);
        Assert.StartsWith("220", await client.ReplyAsync());
        return client;
    }
}
