using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Exchange;
using Relay.ExchangeSimulator;
using Relay.Store;
using Relay.TestKit;
using Relay.Tests.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Exchange;

/// <summary>The real simulator, the relay's Exchange side as the program registers it, a real store, and a proxy between the first two.</summary>
public sealed class ExchangeStage : IAsyncDisposable
{
    public const string Ann = "ann@corp.example";
    public const string Bob = "bob@corp.example";

    private readonly SqliteTestStore _database = new();
    private readonly ExchangeSimulatorServer _server;
    private ServiceProvider? _relay;

    private ExchangeStage(ExchangeSimulatorOptions options)
    {
        _server = new ExchangeSimulatorServer(options);
        Proxy = new CuttingProxy(() => _server.BoundUrl.Port);
        Options = new ExchangeOptions
        {
            Url = new Uri($"http://127.0.0.1:{Proxy.Port}/EWS/Exchange.asmx"),
            UserName = "relay",
            Password = "secret",
            ConnectionMinutes = 1,
            SettleAfter = TimeSpan.FromSeconds(3),
            SettleEvery = TimeSpan.Zero,
            FirstRetry = TimeSpan.FromMilliseconds(10),
            LastRetry = TimeSpan.FromMilliseconds(100),
        };
    }

    public CuttingProxy Proxy { get; }

    public ExchangeSimulatorServer Server => _server;

    internal ExchangeOptions Options { get; }

    internal IStore Store => _database.Current;

    internal PushListener Push => _relay!.GetRequiredService<PushListener>();

    internal ExchangeProbe Probe => _relay!.GetRequiredService<ExchangeProbe>();

    internal IExchange Exchange => _relay!.GetRequiredService<IExchange>();

    public static async Task<ExchangeStage> SetAsync(Action<ExchangeSimulatorOptions>? change = null)
    {
        var options = new ExchangeSimulatorOptions
        {
            Url = new Uri("http://127.0.0.1:0/EWS/Exchange.asmx"),
            EnvelopeSpacing = TimeSpan.Zero,
            Heartbeat = TimeSpan.FromMilliseconds(200),
        };
        change?.Invoke(options);
        var stage = new ExchangeStage(options);
        await stage._server.StartAsync(CancellationToken.None);
        return stage;
    }

    public async Task StartRelayAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(new TestOutputLoggerProvider()));
        services.AddSingleton(TimeProvider.System).AddSingleton(new Random(1)).AddSingleton(Store).AddExchange(Options);
        _relay = services.BuildServiceProvider();
        foreach (var hosted in _relay.GetServices<IHostedService>())
        {
            await hosted.StartAsync(CancellationToken.None);
        }
    }

    public async Task StopRelayAsync()
    {
        foreach (var hosted in _relay?.GetServices<IHostedService>() ?? [])
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }

        _relay = null;
    }

    /// <summary>The relay dies without a chance to say goodbye to Exchange.</summary>
    public async Task CrashRelayAsync()
    {
        Proxy.Refuses = true;
        Proxy.CutAll();
        await StopRelayAsync();
        Proxy.Refuses = false;
    }

    /// <summary>Watches folders by their distinguished names, and waits until their events are listened to.</summary>
    public async Task WatchAsync(string mailbox, params string[] folders)
    {
        var resolved = await Exchange.ResolveAsync(
            mailbox, [.. folders.Select(name => new FolderReference.Distinguished(name))], CancellationToken.None);
        var watched = await Exchange.WatchAsync(
            mailbox, Assert.IsType<FolderResolution.Resolved>(resolved).Folders, folders.Length == 0, CancellationToken.None);
        Assert.IsType<WatchResult.Watching>(watched);
        await StreamingAsync(mailbox);
    }

    /// <summary>Waits until an event of the mailbox comes by stream.</summary>
    public async Task StreamingAsync(string mailbox)
    {
        var seen = Log(mailbox).Count;
        var probes = 0;
        await Eventually.TrueAsync(
            () =>
            {
                if (probes++ % 40 == 0)
                {
                    Server.CreateItem(mailbox, "drafts", "probe");
                }

                return Log(mailbox).Skip(seen).Any(entry => !entry.CaughtUp);
            },
            $"an event of {mailbox} by stream");
    }

    /// <summary>Waits until the sync states hold all that was streamed.</summary>
    public Task SettledAsync(string mailbox)
    {
        var end = Log(mailbox).Last(entry => !entry.CaughtUp).Position;
        return Eventually.TrueAsync(
            () => Store.Read(transaction => transaction.Watches.Folders(transaction.Watches.FindMailbox(mailbox)!.Value))
                .All(folder => folder.SyncedPosition >= end),
            "the sync states moved forward");
    }

    /// <summary>Waits until the stream has told something so much later that no time stamp can be mistaken for an earlier one.</summary>
    public async Task LaterAsync(string mailbox)
    {
        var before = DateTimeOffset.UtcNow;
        await Eventually.TrueAsync(() => DateTimeOffset.UtcNow > before + TimeSpan.FromSeconds(3), "three seconds of the server's clock");
        await StreamingAsync(mailbox);
    }

    internal IReadOnlyList<LoggedEvent> Log(string mailbox) => Store.Read(transaction =>
        transaction.Watches.FindMailbox(mailbox) is { } id ? transaction.Events.After(id, new LogPosition(0), 1_000_000) : []);

    /// <summary>What the log tells of one object, as words: <c>Created</c>, or <c>+Created</c> where it was caught up.</summary>
    public string Told(string mailbox, EwsId item) => string.Join(
        ' ',
        Log(mailbox).Where(entry => entry.Event.Object.Id == item.Id).Select(entry => (entry.CaughtUp ? "+" : "") + entry.Event.Type));

    public Task ToldAsync(string mailbox, EwsId item, string words) => Eventually.TrueAsync(
        () => Told(mailbox, item) == words, $"\"{words}\" (the log says \"{Told(mailbox, item)}\")");

    public async ValueTask DisposeAsync()
    {
        await StopRelayAsync();
        await Proxy.DisposeAsync();
        await _server.StopAsync(new CancellationToken(true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }
}
