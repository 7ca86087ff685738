using System.Net.Http.Headers;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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
    private WebApplication? _web;

    private ExchangeStage(ExchangeSimulatorOptions options, TimeProvider? serverTime)
    {
        _server = new ExchangeSimulatorServer(options, serverTime);
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

    /// <summary>Stands between Exchange and the address that it pushes to.</summary>
    public CuttingProxy? PushProxy { get; private set; }

    public ExchangeSimulatorServer Server => _server;

    internal ExchangeOptions Options { get; }

    /// <summary>Gets every line that is logged, those for finding faults too.</summary>
    public ILoggerProvider? Logs { get; set; }

    internal IStore Store => _database.Current;

    internal OwnMailGuard Guard => _relay!.GetRequiredService<OwnMailGuard>();

    internal EwsClient Ews => _relay!.GetRequiredService<EwsClient>();

    internal MailboxPreparer Preparer => _relay!.GetRequiredService<MailboxPreparer>();

    internal ExchangeProbe Probe => _relay!.GetRequiredService<ExchangeProbe>();

    internal IExchange Exchange => _relay!.GetRequiredService<IExchange>();

    public static async Task<ExchangeStage> SetAsync(Action<ExchangeSimulatorOptions>? change = null, TimeProvider? serverTime = null)
    {
        var options = new ExchangeSimulatorOptions
        {
            Url = new Uri("http://127.0.0.1:0/EWS/Exchange.asmx"),
            EnvelopeSpacing = TimeSpan.Zero,
            Heartbeat = TimeSpan.FromMilliseconds(200),
        };
        change?.Invoke(options);
        var stage = new ExchangeStage(options, serverTime);
        await stage._server.StartAsync(CancellationToken.None);
        return stage;
    }

    /// <summary>Opens the address that Exchange pushes to, with a proxy before it. While the relay is down it answers 503.</summary>
    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.MapPost("/push/a-long-word", async http =>
        {
            if (Volatile.Read(ref _relay) is { } relay)
            {
                await relay.GetRequiredService<PushListener>().HandleAsync(http);
            }
            else
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
        });
        await _web.StartAsync();
        var port = new Uri(_web.Urls.First()).Port;
        PushProxy = new CuttingProxy(() => port);
        Options.Mode = ExchangeMode.Push;
        Options.PushUrl = new Uri($"http://127.0.0.1:{PushProxy.Port}/push/a-long-word");
    }

    public async Task StartRelayAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => _ = Logs is null
            ? logging.SetMinimumLevel(LogLevel.Information).AddProvider(new TestOutputLoggerProvider())
            : logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs));
        services.AddSingleton(TimeProvider.System).AddSingleton(new Random(1)).AddSingleton(Store)
            .AddSingleton<IOwnMail, NoOwnMail>().AddExchange(Options);
        var relay = services.BuildServiceProvider();
        Volatile.Write(ref _relay, relay);
        foreach (var hosted in relay.GetServices<IHostedService>())
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

        if (Interlocked.Exchange(ref _relay, null) is { } relay)
        {
            await relay.DisposeAsync();
        }
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

    /// <summary>Makes folders of a kind below the inbox, as another client would.</summary>
    public async Task<IReadOnlyList<EwsId>> MakeFoldersAsync(string mailbox, string kind, params IEnumerable<string> names)
    {
        XNamespace m = EwsNames.Messages;
        XNamespace t = EwsNames.Types;
        var request = new XElement(
            m + "CreateFolder",
            new XElement(m + "ParentFolderId", new XElement(t + "DistinguishedFolderId", new XAttribute("Id", "inbox"))),
            new XElement(m + "Folders", names.Select(name => new XElement(t + kind, new XElement(t + "DisplayName", name)))));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("outlook:secret"u8));
        using var content = new ByteArrayContent(EwsRequestWriter.Envelope(request, "Exchange2013_SP1", mailbox));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/xml");
        using var answer = await http.PostAsync(_server.BoundUrl, content);
        var envelope = EwsXml.Load(await answer.Content.ReadAsByteArrayAsync());
        var made = Assert.IsType<EwsResult<IReadOnlyList<EwsResult<EwsFolder>>>.Success>(EwsResponseReader.Folders(envelope)).Value;
        return [.. made.Select(folder => Assert.IsType<EwsResult<EwsFolder>.Success>(folder).Value.Id)];
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

    /// <summary>Waits until the sync states hold all that was streamed; later events show that it was complete.</summary>
    public Task SettledAsync(string mailbox)
    {
        var end = Log(mailbox).Last(entry => !entry.CaughtUp).Position;
        var probes = 0;
        return Eventually.TrueAsync(
            () =>
            {
                if (probes++ % 200 == 0)
                {
                    Server.CreateItem(mailbox, "drafts", "probe");
                }

                return IsSettled(mailbox, end);
            },
            "the sync states moved forward");
    }

    /// <summary>Whether the sync states hold what the log tells up to a position.</summary>
    internal bool IsSettled(string mailbox, LogPosition end) =>
        Store.Read(transaction => transaction.Watches.Folders(transaction.Watches.FindMailbox(mailbox)!.Value)).All(folder => folder.SyncedPosition >= end);

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

    /// <summary>Nobody mails anything here.</summary>
    private sealed class NoOwnMail : IOwnMail
    {
        public bool IsOurs(IStoreTransaction transaction, string messageId, string mailbox) => false;
    }

    public async ValueTask DisposeAsync()
    {
        await StopRelayAsync();
        await Proxy.DisposeAsync();
        await (PushProxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_web?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _server.StopAsync(new CancellationToken(true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }
}
