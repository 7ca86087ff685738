using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Relay.Smtp.Tests.Server;

/// <summary>Dialogues written down while the server runs.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task A_traced_dialogue_has_every_line_but_no_content_and_no_secret()
    {
        using var log = new MemoryLog();
        await using var server = await TestServer.StartAsync(
            options =>
            {
                options.Authenticator = new TestAccounts();
                options.AllowAuthInTheClear = true;
            },
            loggers: log);
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.ReplyAsync();
        await client.TalkAsync("HELO before", "250");
        server.Server.TraceNetworks = [IPNetwork.Parse("127.0.0.0/8")];
        await client.TalkAsync(
            $"AUTH PLAIN {TestAccounts.Plain("joe", "wrong")}", "535",
            "AUTH LOGIN", "334", "am9l", "334", "c2VjcmV0", "235",
            "MAIL FROM:<a@c>", "250", "RCPT TO:<one@mx.example>", "250", "DATA", "354", "confidential\r\n.", "250");
        server.Server.TraceNetworks = [IPNetwork.Parse("192.0.2.0/24")];
        await client.TalkAsync("NOOP after", "250");

        var dialogue = log.Lines.Where(line => line.Contains(" C: ", StringComparison.Ordinal) || line.Contains(" S: ", StringComparison.Ordinal));
        Assert.Equal(
            [
                "C: AUTH PLAIN ***", "S: 535 5.7.8 account or password wrong",
                "C: AUTH LOGIN", "S: 334 ***", "C: ***", "S: 334 ***", "C: ***", "S: 235 2.7.0 authenticated",
                "C: MAIL FROM:<a@c>", "S: 250 2.1.0 sender ok", "C: RCPT TO:<one@mx.example>", "S: 250 2.1.5 recipient ok",
                "C: DATA", "S: 354 end with <CRLF>.<CRLF>", "C: (14 octets)", "S: 250 2.0.0 accepted id=<m1>",
            ],
            dialogue.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        var all = string.Join('\n', log.Lines);
        Assert.DoesNotContain("confidential", all, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no accounts", "AUTH LOGIN\r\nam9l\r\nc2VjcmV0\r\n", "AUTH LOGIN", "***", "***")]
    [InlineData("before EHLO", "AUTH PLAIN AGpvZQBzZWNyZXQ=\r\n", "AUTH PLAIN ***")]
    [InlineData("tabs", "AUTH\tPLAIN\tAGpvZQBzZWNyZXQ=\r\n", "AUTH PLAIN ***")]
    [InlineData("no blank", "AUTHPLAIN AGpvZQBzZWNyZXQ=\r\n", "AUTH ***")]
    [InlineData("no mechanism", "auth AGpvZQBzZWNyZXQ=\r\n", "AUTH ***")]
    [InlineData("a mechanism and too much", "AUTH LOGIN am9l c2VjcmV0\r\n", "AUTH LOGIN ***")]
    [InlineData("a word that is no command", "PASS c2VjcmV0\r\n", "***")]
    [InlineData("a command with something else behind it", "HELP c\r\nNOOP\r\n", "HELP c", "NOOP")]
    [InlineData("nothing behind it", "AUTH\r\n", "AUTH")]
    public async Task No_secret_of_a_refused_AUTH_is_traced(string why, string said, params string[] traced)
    {
        using var log = new MemoryLog();
        await using var server = await TestServer.StartAsync(loggers: log);
        server.Server.TraceNetworks = [IPNetwork.Parse("127.0.0.0/8")];
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.ReplyAsync();
        await client.SendAsync(said);
        await client.SendAsync("QUIT\r\n");
        while (await client.ReplyAsync() is not null)
        {
            // Until the server has hung up, and so traced everything.
        }

        var lines = log.Lines.Where(line => line.Contains(" C: ", StringComparison.Ordinal)).Select(line => line[(line.IndexOf("C: ", StringComparison.Ordinal) + 3)..]);
        Assert.Equal((why, string.Join('|', [.. traced, "QUIT"])), (why, string.Join('|', lines)));
    }

    [Fact]
    public async Task What_the_store_throws_stands_in_the_log()
    {
        using var log = new MemoryLog();
        await using var server = await TestServer.StartAsync(loggers: log);
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.ReplyAsync();
        await client.TalkAsync("HELO c", "250", "MAIL FROM:<a@c>", "250", "RCPT TO:<crash-commit@mx.example>", "250", "DATA", "354", ".", "451");
        Assert.Contains(log.Lines, line => line.Contains("the store failed for mail m1", StringComparison.Ordinal));
    }

    /// <summary>Keeps log lines.</summary>
    private sealed class MemoryLog : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
