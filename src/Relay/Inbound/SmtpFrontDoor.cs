using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Smtp.Server;

namespace Relay.Inbound;

/// <summary>Opens the SMTP listeners when everything behind them runs, and closes them before anything behind them stops.</summary>
internal sealed class SmtpFrontDoor(
    SmtpOptions options, SpoolHandler handler, TimeProvider time, ILoggerFactory loggers)
    : IHostedLifecycleService, IAsyncDisposable
{
    private readonly SmtpServer _server = new(options.Server, handler, time, loggers);

    public IReadOnlyList<System.Net.IPEndPoint> EndPoints => _server.EndPoints;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => _server.StartAsync(cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
