using Microsoft.Extensions.Hosting;
using Relay.ExchangeSimulator;

namespace Relay.Hosting;

/// <summary>The simulator within this process; it starts before everything that asks it and stops after.</summary>
internal sealed class EmbeddedExchange(ExchangeSimulatorOptions options) : IHostedService, IAsyncDisposable
{
    private readonly ExchangeSimulatorServer _server = new(options);

    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
