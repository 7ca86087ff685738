using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relay.Exchange;
using Relay.Store;
using Relay.TestKit;
using Relay.Wire.Ews;

namespace Relay.Benchmarks.Exchange;

/// <summary>The Exchange simulator as a process of its own, and the relay's Exchange side with a store in SQLite in this one.</summary>
internal sealed class ExchangeStage : IAsyncDisposable
{
    private const int AtOnce = 16;

    private readonly TempFolder _folder = new();
    private readonly HttpClient _control = new();
    private readonly Uri _url = new($"http://127.0.0.1:{FreePort.Next()}/EWS/Exchange.asmx");
    private readonly RunningProgram _simulator;
    private readonly ServiceProvider _relay;

    /// <param name="spacing">The least time between two envelopes of a stream, in seconds.</param>
    public ExchangeStage(double spacing)
    {
        _simulator = RunningProgram.Start(
            Repository.Program("Relay.ExchangeSimulator", "exchange-simulator"),
            "--url", _url.ToString(), "--spacing", spacing.ToString(CultureInfo.InvariantCulture));
        Store = SqliteStore.Open("Data Source=relay.db", _folder.Path, TimeProvider.System);
        var options = new ExchangeOptions { Url = _url, UserName = "relay", Password = "secret", ConcurrentRequests = 27 };
        _relay = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(new Random(1)).AddSingleton<IStore>(Store)
            .AddSingleton<IOwnMail, NoOwnMail>().AddExchange(options).BuildServiceProvider();
    }

    public IStore Store { get; }

    public long Logged => Store.Read(transaction => transaction.Events.End().Value);

    public static string Mailbox(int number) => string.Create(CultureInfo.InvariantCulture, $"user{number}@corp.example");

    /// <summary>Watches the inboxes of so many mailboxes, and waits until all are listened to.</summary>
    public async Task StartAsync(int mailboxes)
    {
        await Eventually.TrueAsync(async () => await IsUpAsync(), "the simulator", TimeSpan.FromSeconds(30));
        foreach (var hosted in _relay.GetServices<IHostedService>())
        {
            await hosted.StartAsync(CancellationToken.None);
        }

        var exchange = _relay.GetRequiredService<IExchange>();
        await Parallel.ForAsync(0, mailboxes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellationToken) =>
        {
            var folders = (FolderResolution.Resolved)await exchange.ResolveAsync(
                Mailbox(number), [new FolderReference.Distinguished("inbox")], cancellationToken);
            await exchange.WatchAsync(Mailbox(number), folders.Folders, allFolders: false, cancellationToken);
        });
        var source = _relay.GetRequiredService<IEventSource>();
        await Eventually.TrueAsync(() => source.Count() is var (watched, live) && watched == mailboxes && live == mailboxes, "all mailboxes", TimeSpan.FromMinutes(2));
        await Task.Delay(TimeSpan.FromSeconds(2)); // streams open behind what is ready
    }

    /// <summary>So many things happen, each in the next mailbox.</summary>
    public Task ActAsync(int actions) => _control.PostAsync(Control($"activity?count={actions}"), null);

    /// <summary>Delivers a mail; its id.</summary>
    public async Task<string> DeliverAsync(int mailbox)
    {
        var answer = await _control.PostAsync(Control($"deliver?mailbox={Mailbox(mailbox)}&subject=marker"), null);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("id").GetString()!;
    }

    public bool Tells(int mailbox, string item) => Store.Read(transaction =>
        transaction.Events.HasCreated(transaction.Watches.FindMailbox(Mailbox(mailbox))!.Value, item, new LogPosition(long.MaxValue)));

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _relay.GetServices<IHostedService>())
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        await _relay.DisposeAsync();
        await Store.DisposeAsync();
        await _simulator.DisposeAsync();
        _control.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> IsUpAsync()
    {
        try
        {
            return (await _control.GetAsync(Control("state"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not yet
        }
    }

    private Uri Control(string order) => new(_url, $"/control/{order}");

    /// <summary>Nobody is notified here.</summary>
    private sealed class NoOwnMail : IOwnMail
    {
        public bool IsOurs(IStoreTransaction transaction, string messageId, string mailbox) => false;
    }
}
