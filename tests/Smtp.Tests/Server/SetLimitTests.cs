using System.Net;
using Relay.TestKit;

namespace Relay.Smtp.Tests.Server;

/// <summary>Limits that are set otherwise than by default.</summary>
public sealed class SetLimitTests
{
    [Theory]
    [InlineData("the least", 512)]
    [InlineData("more than by default", 100_000)]
    public async Task A_command_line_is_as_long_as_is_set_and_not_an_octet_longer(string why, int limit)
    {
        await using var server = await TestServer.StartAsync(options => options.Limits.CommandLineBytes = limit);
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.ReplyAsync();
        string longest = "NOOP " + new string('x', limit - "NOOP \r\n".Length);

        await client.SendAsync(longest + "\r\n");
        Assert.True((await client.ReplyAsync())?.StartsWith("250", StringComparison.Ordinal), why);
        await client.SendAsync(longest + "x\r\n");
        Assert.StartsWith("500 5.5.2 line too long", await client.ReplyAsync());
        await client.TalkAsync("NOOP", "250"); // and nothing of it is taken for a command
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("half a header", "PROXY TCP4 192.0.2.7 192.0.2.1 50")]
    public async Task A_PROXY_header_that_does_not_come_in_time_ends_the_connection(string why, string said)
    {
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(
            options =>
            {
                options.Listeners[0].ProxyNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
                options.Limits.HandshakeTimeout = TimeSpan.FromSeconds(7);
                options.Limits.IdleTimeout = TimeSpan.FromDays(1); // none of its business
            },
            time);
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.SendAsync(said);
        var end = client.ReplyAsync();
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(end.IsCompleted);

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(2));
                return end.IsCompleted;
            },
            $"the connection ends: {why}");
        Assert.Null(await end); // not a word: who is there has not said who it is
    }
}
