using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.ExchangeSimulator;
using Relay.Hosting;
using Relay.Inbound;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;

namespace Relay.Tests.Gateway;

/// <summary>The whole gateway in this process, over real TCP: an Exchange, a smarthost that records what it gets, a store in a folder of its own.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string?> _settings;
    private StoreOpening? _store;
    private int _accepted;
    private WebApplication? _relay;
    public int Port { get; private set; }

    /// <summary>Ends in a slash.</summary>
    public string HttpUrl { get; private set; } = "";

    private ILoggerProvider? Logs { get; init; }

    private TestGateway(Dictionary<string, string?> settings) => _settings = settings;

    public RecordingMailServer Smarthost { get; } = RecordingMailServer.Start();

    public ExchangeSimulatorServer Exchange { get; } =
        new(new ExchangeSimulatorOptions { Url = new Uri("http://127.0.0.1:0/EWS/Exchange.asmx"), EnvelopeSpacing = TimeSpan.Zero });

    /// <summary>What the relay takes for the time.</summary>
    public ShiftedTimeProvider Clock { get; } = new();

    internal IStore Store => _store!.Store;

    /// <summary>Put around the store at the next start.</summary>
    internal Func<IStore, IStore> Around { get; set; } = store => store;

    internal T Service<T>()
        where T : notnull => _relay!.Services.GetRequiredService<T>();

    /// <summary>Starts all three; <paramref name="settings"/> without the leading <c>Relay:</c>.</summary>
    public static Task<TestGateway> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    /// <summary>The same, with what is logged going to <paramref name="logs"/>.</summary>
    public static async Task<TestGateway> StartAsync(ILoggerProvider? logs, params (string Key, string Value)[] settings)
    {
        var gateway = new TestGateway(settings.ToDictionary(pair => $"Relay:{pair.Key}", pair => (string?)pair.Value)) { Logs = logs };
        await gateway.Exchange.StartAsync(CancellationToken.None);
        await gateway.StartRelayAsync();
        return gateway;
    }

    public async Task StartRelayAsync()
    {
        var defaults = new Dictionary<string, string?>
        {
            ["Relay:Smtp:Listeners:0:Port"] = "0",
            ["Relay:Delivery:Smarthost:Port"] = Smarthost.Port.ToString(CultureInfo.InvariantCulture),
            ["Relay:Delivery:FirstRetry"] = "00:00:01",
            ["Relay:Exchange:Url"] = Exchange.BoundUrl.ToString(),
            ["Relay:Exchange:UserName"] = "relay",
            ["Relay:Exchange:Password"] = "secret",
            ["Relay:Http:Url"] = "http://127.0.0.1:0",
        };
        var settings = RelaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(defaults).AddInMemoryCollection(_settings).Build());
        _store = await StoreOpening.OpenForRunAsync(settings.Store, _folder.Path, NullLoggerFactory.Instance, CancellationToken.None);
        _relay = RelayHost.Build(settings, Around(_store.Store), Log, Clock);
        await _relay.StartAsync();
        HttpUrl = $"{_relay.Urls.First().TrimEnd('/')}/";
        Port = _relay.Services.GetRequiredService<SmtpFrontDoor>().EndPoints[0].Port;
    }

    /// <summary>Starts again with a setting added or, where it is null, removed.</summary>
    public async Task RestartAsync(params (string Key, string? Value)[] changes)
    {
        await StopRelayAsync();
        foreach (var (key, value) in changes)
        {
            _settings.Remove($"Relay:{key}");
            if (value is not null)
            {
                _settings.Add($"Relay:{key}", value);
            }
        }

        await StartRelayAsync();
    }

    private void Log(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(Logs is null ? LogLevel.None : LogLevel.Information);
        if (Logs is not null)
        {
            logging.AddProvider(Logs);
        }
    }

    public async Task StopRelayAsync()
    {
        await _relay!.StopAsync();
        await _relay.DisposeAsync();
        await _store!.DisposeAsync();
    }

    /// <summary>Does to the database what no relay would, or looks at what no relay shows; between its runs. Returns the first value.</summary>
    public async Task<object?> DamageAsync(string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder.Path, "relay.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // of a test, written by hand
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Mails octets as they are, with lines ended by CRLF; gives the reply to the final dot.</summary>
    public async Task<string> SendAsync(string mail, string to = "ews@localhost", string? from = "app@branch.example")
    {
        var options = new SmtpClientOptions { Host = "127.0.0.1", Port = Port, Tls = SmtpClientTls.None, HelloName = "branch.example" };
        var connected = Assert.IsType<SmtpConnectResult.Connected>(await SmtpConnection.ConnectAsync(options, TimeProvider.System, CancellationToken.None));
        await using var connection = connected.Connection;
        var recipients = to.Split(',').Select(Address).ToList();
        var outcomes = await connection.SendAsync(
            new MailEnvelope(from is null ? null : Address(from), recipients), Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n")), CancellationToken.None);
        await connection.QuitAsync(CancellationToken.None);
        if (outcomes[0] is DeliveryOutcome.Delivered)
        {
            Interlocked.Increment(ref _accepted);
        }

        return outcomes[0] switch
        {
            DeliveryOutcome.Delivered delivered => delivered.Reply.ToString(),
            DeliveryOutcome.Refused refused => refused.Reply.ToString(),
            DeliveryOutcome.Deferred deferred => $"deferred: {deferred.Reason}",
            var other => throw new InvalidOperationException($"{other}"),
        };
    }

    /// <summary>Mails a request and waits for its answer.</summary>
    public async Task<RecordedMail> AskAsync(string body, string id, string to = "ews@localhost", string fields = "")
    {
        Assert.StartsWith("250 2.0.0 accepted id=<", await SendAsync(Mails.Request(body, id, fields: fields), to), StringComparison.Ordinal);
        return await Smarthost.MailAsync(mail => mail.InReplyTo == $"<{id}>", $"an answer to {id}");
    }

    /// <summary>Lets time pass for the relay, at once.</summary>
    public void Pass(TimeSpan time)
    {
        Clock.Shift(time);
        Store.Bells.Events.Ring();
    }

    /// <summary>Waits until Exchange's events come by stream, so that none is found by catching up instead.</summary>
    public Task StreamingAsync() => Eventually.TrueAsync(() => Exchange.OpenStreams > 0, "a stream");

    /// <summary>Waits until every accepted mail has its row and is settled, so that what is absent then stays absent.</summary>
    public Task SettledAsync() => Eventually.TrueAsync(
        () => Store.Read(t => t.Spool.List(null, 0, 1000).Count >= Volatile.Read(ref _accepted)
            && t.Spool.List(SpoolState.Waiting, 0, 1).Count + t.Spool.List(SpoolState.Claimed, 0, 1).Count
            + t.Outbox.List(OutboxState.Waiting, 0, 1).Count + t.Outbox.List(OutboxState.Claimed, 0, 1).Count == 0),
        "settled queues");

    /// <summary>Waits until the log tells of so many new mails of a mailbox.</summary>
    public Task LoggedAsync(int newMails, string mailbox = "ann@corp.example") => Eventually.TrueAsync(
        () => Store.Read(t => t.Events.After(t.Watches.FindMailbox(mailbox) ?? 0, new LogPosition(0), 10_000))
            .Count(logged => logged.Event.Type == MailboxEventType.NewMail) >= newMails,
        $"{newMails} new mails in the log");

    /// <summary>What became of the mails to us, in the order in which they came.</summary>
    public IReadOnlyList<string> Outcomes() => [.. Store.Read(t => t.Spool.List(null, 0, 1000)).Select(entry => entry.Note ?? "")];

    public async ValueTask DisposeAsync()
    {
        await StopRelayAsync();
        await Exchange.DisposeAsync();
        await Smarthost.DisposeAsync();
        _folder.Dispose();
    }

    private static MailAddress Address(string text) =>
        MailAddress.TryParse(text, out var address) ? address : throw new FormatException($"{text} does not parse.");
}
