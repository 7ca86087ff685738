using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Bounces;
using Relay.Notifications;
using Relay.Outbound;
using Relay.Reports;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.Subscriptions;
using Relay.TestKit;

namespace Relay.Benchmarks.Gateway;

/// <summary>The half of the gateway from the event log to the smarthost, on a SQLite store in a folder of its own.</summary>
internal sealed class Half : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _started = [];

    public Half(int smarthostPort, int connections)
    {
        Store = SqliteStore.Open("Data Source=relay.db", _folder.Path, TimeProvider.System);
        var delivery = new DeliveryOptions
        {
            Smarthosts = [new SmarthostOptions("127.0.0.1", smarthostPort, SmtpClientTls.None, null, null)],
            Connections = connections,
            FirstRetry = TimeSpan.FromMinutes(1),
            GiveUp = TimeSpan.FromDays(5),
        };
        _services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new Random(1))
            .AddSingleton<IStore>(Store)
            .AddSingleton(new IdSource(RandomNumberGenerator.Create()))
            .AddSubscriptions(Store)
            .AddBounces(Store, new BounceOptions())
            .AddReports("localhost")
            .AddOutbound(delivery, "localhost")
            .AddNotifications()
            .AddSingleton<INotifiedItems, NoItems>()
            .BuildServiceProvider();
    }

    public IStore Store { get; }

    public async Task StartAsync<TWorker>()
        where TWorker : IHostedService
    {
        var worker = _services.GetServices<IHostedService>().OfType<TWorker>().Single();
        await worker.StartAsync(CancellationToken.None);
        _started.Add(worker);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _started)
        {
            await worker.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
