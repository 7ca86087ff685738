using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.ExchangeSimulator;
using Relay.Hosting;
using Relay.Inbound;
using Relay.Smtp.Server;

namespace Relay.Demo;

/// <summary>
/// The demo's three parties on free ports, each behind a real TCP listener: the subscriber's mail server, an Exchange, the relay with a store of
/// its own in a folder that goes with it.
/// </summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-demo-").FullName;
    private SmtpServer? _subscriber;
    private StoreOpening? _store;
    private WebApplication? _relay;

    public DemoMailbox Mailbox { get; } = new();

    public ExchangeSimulatorServer? Exchange { get; private set; }

    public int RelayPort { get; private set; }

    /// <summary>Ctrl-C or SIGTERM, which the relay's host listens to.</summary>
    public CancellationToken Stopping => _relay?.Lifetime.ApplicationStopping ?? CancellationToken.None;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new SmtpServerOptions { HostName = "branch.example" };
        options.Listeners.Add(new SmtpListenerOptions());
        _subscriber = new SmtpServer(options, Mailbox, TimeProvider.System, NullLoggerFactory.Instance);
        await _subscriber.StartAsync(cancellationToken);

        Exchange = new ExchangeSimulatorServer(new ExchangeSimulatorOptions { Url = new Uri("http://127.0.0.1:0/EWS/Exchange.asmx") });
        await Exchange.StartAsync(cancellationToken);

        var settings = RelaySettings.Read(Configuration(_subscriber.EndPoints[0].Port, Exchange.BoundUrl));
        _store = await StoreOpening.OpenForRunAsync(settings.Store, _folder, NullLoggerFactory.Instance, cancellationToken);
        _relay = RelayHost.Build(settings, _store.Store, logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        await _relay.StartAsync(cancellationToken);
        RelayPort = _relay.Services.GetRequiredService<SmtpFrontDoor>().EndPoints[0].Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_relay is not null)
        {
            await _relay.StopAsync(CancellationToken.None);
            await _relay.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (Exchange is not null)
        {
            await Exchange.DisposeAsync();
        }

        if (_subscriber is not null)
        {
            await _subscriber.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static IConfiguration Configuration(int subscriberPort, Uri exchange) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Relay:Smtp:HostName"] = "gateway.example",
            ["Relay:Smtp:Listeners:0:Port"] = "0",
            ["Relay:Services:0:Address"] = DemoCast.Ews.ToString(),
            ["Relay:Services:0:Service"] = "Ews",
            ["Relay:Services:1:Address"] = DemoCast.Calendar.ToString(),
            ["Relay:Services:1:Service"] = "Calendar",
            ["Relay:Delivery:Smarthost:Port"] = subscriberPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Relay:Exchange:Url"] = exchange.ToString(),
            ["Relay:Exchange:UserName"] = "relay",
            ["Relay:Exchange:Password"] = "demo",
            ["Relay:Http:Url"] = "http://127.0.0.1:0",
        })
        .Build();
}
