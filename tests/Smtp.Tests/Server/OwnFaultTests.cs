using System.Net;
using Microsoft.Extensions.Logging;
using Relay.Smtp.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Smtp.Tests.Server;

/// <summary>RFC 5321 §3.8: where our own code fails outside of any command, the client is told 421 before the connection closes.</summary>
public sealed class OwnFaultTests
{
    [Theory]
    [InlineData("in the clear", SmtpTlsMode.None)]
    [InlineData("under TLS", SmtpTlsMode.Implicit)]
    public async Task A_session_that_fails_between_commands_ends_with_421(string why, SmtpTlsMode tls)
    {
        using var faulty = new FaultyLog("C: NOOP");
        await using var server = await StartAsync(tls, faulty);
        await using var client = await DeafClient.ConnectAsync(server.EndPoint, tls);
        await client.SayAsync("EHLO client.example", "250");
        await client.SendAsync("NOOP\r\n");

        Assert.Contains("421 4.3.0 ", await client.ReadAsync("the end"), StringComparison.Ordinal);

        await client.DisposeAsync();
        await Eventually.TrueAsync(() => server.Server.SessionCount == 0, "the place is free");
        Assert.True(faulty.HasFailed, why);
        await using var next = await DeafClient.ConnectAsync(server.EndPoint, tls);
        await next.SayAsync("NOOP", "250");
    }

    [Fact]
    public async Task A_session_that_fails_before_its_greeting_is_greeted_with_421()
    {
        using var faulty = new FaultyLog("Session ");
        await using var server = await StartAsync(SmtpTlsMode.None, faulty);
        using var client = await WireClient.ConnectAsync(server.EndPoint);

        Assert.StartsWith("421 4.3.0 ", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Null(await client.ReplyAsync());
    }

    private static async Task<TestServer> StartAsync(SmtpTlsMode tls, FaultyLog faulty)
    {
        var server = await TestServer.StartAsync(
            options =>
            {
                options.Certificate = TestCertificate.SelfSigned("mx.example");
                options.Listeners[0].Tls = tls;
            },
            loggers: faulty);
        server.Server.TraceNetworks = [IPNetwork.Parse("127.0.0.0/8")];
        return server;
    }

    /// <summary>Fails once, at the first line that holds a word: the code around it is the session's own.</summary>
    private sealed class FaultyLog(string word) : ILoggerFactory, ILogger
    {
        private bool _hasFailed;

        public bool HasFailed => Volatile.Read(ref _hasFailed);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).Contains(word, StringComparison.Ordinal) && !Interlocked.Exchange(ref _hasFailed, true))
            {
                throw new InvalidOperationException("The log cannot be written.");
            }
        }

        public void Dispose()
        {
        }
    }
}
