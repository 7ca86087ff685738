using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Smtp.Server;

namespace Relay.Smtp.Tests.Server;

/// <summary>A server on a free loopback port, with an application that keeps what it gets.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly SmtpServer _server;

    private TestServer(SmtpServer server, MailCollector mails)
    {
        _server = server;
        Mails = mails;
    }

    public MailCollector Mails { get; }

    public SmtpServer Server => _server;

    public IPEndPoint EndPoint => _server.EndPoints[0];

    public static Task<TestServer> StartAsync(Action<SmtpServerOptions>? configure = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        var ids = 0;
        var options = new SmtpServerOptions { HostName = "mx.example", NewId = () => $"m{Interlocked.Increment(ref ids)}" };
        options.Listeners.Add(new SmtpListenerOptions());
        configure?.Invoke(options);
        return StartAsync(options, time, loggers);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private static async Task<TestServer> StartAsync(SmtpServerOptions options, TimeProvider? time, ILoggerFactory? loggers)
    {
        var mails = new MailCollector();
        var server = new SmtpServer(options, mails, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return new TestServer(server, mails);
    }
}
