using System.Xml.Linq;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Relay.ExchangeSimulator.Faults;
using Relay.ExchangeSimulator.Http;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.ExchangeSimulator.Operations;
using Relay.ExchangeSimulator.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator;

/// <summary>
/// An EWS server over http or https with mailboxes in memory, good enough for real clients. Everything it holds is gone when it stops. Users and
/// passwords are all right; every user may see every mailbox.
/// </summary>
public sealed class ExchangeSimulatorServer : IAsyncDisposable
{
    private static readonly XNamespace T = EwsNames.Types;

    private readonly ExchangeSimulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SimulatedDatabase _database;
    private readonly MailboxActions _actions;
    private readonly SubscriptionTable _subscriptions;
    private readonly SelfMadeActivity _activity;
    private readonly StreamingEndpoint _streaming;
    private readonly SimulatorApplication _application;
    private readonly KestrelServer _server;
    private readonly FaultPlan _faults = new();
    private readonly PushSender _push;
    private readonly HttpClient _pushHttp = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly CancellationTokenSource _stopping = new();
    private Task _activityRuns = Task.CompletedTask;

    /// <summary>Prepares a server; nothing listens yet.</summary>
    /// <param name="options">Taken as they are now.</param>
    /// <param name="time">Moves expiry, heartbeats and retries; the system's clock where null.</param>
    /// <param name="loggers">Nothing is logged where null.</param>
    /// <exception cref="ArgumentException">Options out of range; the message names each.</exception>
    public ExchangeSimulatorServer(ExchangeSimulatorOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        loggers ??= NullLoggerFactory.Instance;
        _options = options;
        _time = time ?? TimeProvider.System;
        _logger = loggers.CreateLogger<ExchangeSimulatorServer>();
        var random = new Random(options.Seed);
        _database = new SimulatedDatabase(options, _time, random);
        _actions = new MailboxActions(_database, new EventTable(_database, options.Profile));
        _subscriptions = new SubscriptionTable(_database, options);
        _activity = new SelfMadeActivity(_database, _actions, random);
        // Half a minute of the protocol's time for a listener to answer: the first retry comes after as much.
        _push = new PushSender(
            _database, _subscriptions, options, new PushClient(_pushHttp, options.Minute / 2, _time), _faults, _time, _logger, _stopping.Token);
        _streaming = new StreamingEndpoint(
            new StreamClaims(_database, _subscriptions, options, _faults), options, _faults, _time, _stopping.Token);
        _application = new SimulatorApplication(options.Url.AbsolutePath, Service(), new ControlEndpoint(this), _logger);
        _server = new KestrelServer(
            Options.Create(ServerOptions.Create(options)),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers),
            loggers);
        BoundUrl = options.Url;
    }

    /// <summary>Where it listens; after the start with the port that was taken.</summary>
    public Uri BoundUrl { get; private set; }

    /// <summary>How many streams are being served. What happens while there is none waits for the next.</summary>
    public int OpenStreams => _streaming.Open;

    /// <summary>The addresses of all mailboxes, in the order of their first mention.</summary>
    public IReadOnlyList<string> Mailboxes => Act(() => _database.Mailboxes.Select(mailbox => mailbox.Address).ToArray());

    /// <summary>The ids of all subscriptions.</summary>
    public IReadOnlyList<string> Subscriptions => Act(() => _subscriptions.All.Select(subscription => subscription.Id).ToArray());

    /// <summary>The faults on order, one text each: kind, operation, how many times still.</summary>
    public IReadOnlyList<string> ArmedFaults =>
        [.. _faults.Armed.Select(fault => $"{fault.Kind} {fault.Operation ?? "any"} {fault.Remaining}")];

    /// <summary>Starts to listen.</summary>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        await _server.StartAsync(_application, ct);
        var address = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        BoundUrl = new UriBuilder(_options.Url) { Port = address.Port }.Uri;
        foreach (var mailbox in _options.Mailboxes ?? [])
        {
            Act(() => _database.Find(mailbox));
        }

        if (_options.Activity is { } interval)
        {
            _activityRuns = _activity.RunAsync(interval, _time, _stopping.Token);
        }

        SimulatorLog.Listening(_logger, BoundUrl);
    }

    /// <summary>Ends streams without a word, as a server that goes down does, and stops to listen.</summary>
    /// <param name="ct">Cuts what is still open.</param>
    public async Task StopAsync(CancellationToken ct)
    {
        await _stopping.CancelAsync();
        await _activityRuns;
        await _push.CompleteAsync();
        await _server.StopAsync(ct);
        SimulatorLog.Stopped(_logger);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _server.Dispose();
        _pushHttp.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Puts mail into an inbox as the transport does: Created, NewMail, and Modified of the folder.</summary>
    /// <param name="mailbox">An address.</param>
    /// <param name="subject">Any text.</param>
    /// <param name="from">An address.</param>
    /// <param name="body">Plain text.</param>
    /// <param name="messageId">The Message-ID field as the mail brought it; null for one of the simulator's.</param>
    /// <returns>The item's id.</returns>
    /// <exception cref="ArgumentException">The address is no mailbox here.</exception>
    public EwsId DeliverMail(string mailbox, string subject, string from, string body = "", string? messageId = null) => Act(() =>
        _actions.Deliver(Find(mailbox), new XElement(T + "Message",
            new XElement(T + "Subject", subject),
            new XElement(T + "Body", new XAttribute("BodyType", "Text"), body),
            messageId is null ? null : new XElement(T + "InternetMessageId", messageId),
            new XElement(T + "ToRecipients", MailboxActions.MailboxElement(mailbox))), from).Id);

    /// <summary>Saves an item in a folder as a client does: Created, and Modified of the folder.</summary>
    /// <param name="mailbox">An address.</param>
    /// <param name="folder">A distinguished name, such as <c>drafts</c>.</param>
    /// <param name="subject">Any text.</param>
    /// <returns>The item's id.</returns>
    public EwsId CreateItem(string mailbox, string folder, string subject) => Act(() =>
        _actions.Create(Folder(mailbox, folder), new XElement(T + "Message", new XElement(T + "Subject", subject)), folder == "drafts").Id);

    /// <summary>Marks mail as read or unread: Modified of item and folder.</summary>
    /// <param name="item">As told by whatever made it.</param>
    /// <param name="isRead">What to mark it as.</param>
    public EwsId MarkRead(EwsId item, bool isRead) =>
        Act(() => _actions.Update(Item(item), [new XElement(T + "IsRead", isRead ? "true" : "false")], []).Id);

    /// <summary>Gives an item another subject: Modified of item and folder.</summary>
    /// <param name="item">As told by whatever made it.</param>
    /// <param name="subject">Any text.</param>
    public EwsId UpdateItem(EwsId item, string subject) =>
        Act(() => _actions.Update(Item(item), [new XElement(T + "Subject", subject)], []).Id);

    /// <summary>Attaches a file to an item: Modified of item and folder.</summary>
    /// <param name="item">As told by whatever made it.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="content">Its octets.</param>
    public EwsId AttachFile(EwsId item, string name, byte[] content) => Act(() =>
    {
        var attachments = new XElement(Item(item).Content.Element(T + "Attachments") ?? new XElement(T + "Attachments"));
        attachments.Add(new XElement(
            T + "FileAttachment",
            new XElement(T + "Name", name),
            new XElement(T + "ContentType", "application/octet-stream"),
            new XElement(T + "Content", Convert.ToBase64String(content))));
        return _actions.Update(Item(item), [attachments, new XElement(T + "HasAttachments", "true")], []).Id;
    });

    /// <summary>Moves an item within its mailbox.</summary>
    /// <param name="item">As told by whatever made it.</param>
    /// <param name="folder">A distinguished name.</param>
    /// <returns>The id that it has there.</returns>
    public EwsId MoveItem(EwsId item, string folder) =>
        Act(() => _actions.Move(Item(item), Folder(Item(item).Folder.Mailbox.Address, folder)).Id);

    /// <summary>Copies an item within its mailbox.</summary>
    /// <param name="item">As told by whatever made it.</param>
    /// <param name="folder">A distinguished name.</param>
    /// <returns>The id of the copy.</returns>
    public EwsId CopyItem(EwsId item, string folder) =>
        Act(() => _actions.Copy(Item(item), Folder(Item(item).Folder.Mailbox.Address, folder)).Id);

    /// <summary>Deletes an item for good: Deleted of the item, Modified of the folder.</summary>
    /// <param name="item">As told by whatever made it.</param>
    public void DeleteItem(EwsId item) => Act(() => _actions.HardDelete(Item(item)));

    /// <summary>One action of the kind that <see cref="ExchangeSimulatorOptions.Activity"/> makes by itself.</summary>
    public void MakeActivity() => _activity.Step();

    /// <summary>Orders a fault.</summary>
    /// <param name="fault">What shall go wrong.</param>
    /// <param name="count">On how many occasions; 1 or more.</param>
    /// <param name="operation">Only in this operation, such as <c>GetEvents</c>; null for any.</param>
    /// <param name="delay">The back-off, stall or silence that belongs to it; zero where none does.</param>
    public void Arm(SimulatorFault fault, int count = 1, string? operation = null, TimeSpan delay = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        _faults.Arm(new ArmedFault(fault, operation, count, delay));
        Act(() => _subscriptions.RingStreams());
    }

    /// <summary>Takes back all faults that have not happened yet.</summary>
    public void Disarm() => _faults.Disarm();

    /// <summary>Everything that happened in a mailbox and is still held, as a subscription to all folders is told it.</summary>
    /// <param name="mailbox">An address.</param>
    public IReadOnlyList<MailboxEvent> EventsOf(string mailbox) => Act(() => Find(mailbox).EventsAfter(0)
        .Where(entry => (entry.Views & EventViews.All) != 0)
        .Select(entry => entry.Event with { Watermark = Watermark.Format(_database.Id, entry.Counter) })
        .ToArray());

    /// <summary>What a restart of the server does: streams drop without a word and all subscriptions are forgotten; mailboxes stay.</summary>
    public void Restart() => Act(() =>
    {
        _subscriptions.DropStreams();
        _subscriptions.Clear();
    });

    /// <summary>Makes every watermark and sync state given so far worthless, as when a mailbox moves to another database.</summary>
    public void BecomeAnotherDatabase() => Act(() => _database.BecomeAnother());

    /// <summary>Forgets all subscriptions; streams that serve one are told.</summary>
    public void ForgetSubscriptions() => Act(() => _subscriptions.Clear());

    /// <summary>Forgets the events of a mailbox, as if they had aged out of the table.</summary>
    /// <param name="mailbox">An address.</param>
    public void ForgetEvents(string mailbox) => Act(() => Find(mailbox).ForgetEvents());

    private EwsEndpoint Service() => new(
        _database,
        new EwsRequestParser(_options.SchemaFolder is { } folder ? EwsSchemaSet.FromFolder(folder) : null, _options.Dialect),
        EwsOperations.All(_actions, _subscriptions, _options.Dialect, _push.Start),
        _streaming,
        new RequestFaults(_faults, _time),
        new AffinityCookie(_options.RequireAffinity),
        _options);

    private TResult Act<TResult>(Func<TResult> action)
    {
        lock (_database.Gate)
        {
            return action();
        }
    }

    private void Act(Action action)
    {
        lock (_database.Gate)
        {
            action();
        }
    }

    private SimulatedMailbox Find(string mailbox) =>
        _database.Find(mailbox) ?? throw new ArgumentException($"{mailbox} is no mailbox here.", nameof(mailbox));

    private SimulatedFolder Folder(string mailbox, string name) => Find(mailbox).Distinguished.TryGetValue(name, out var folder)
        ? folder
        : throw new ArgumentException($"{name} is no folder that every mailbox has.", nameof(name));

    private SimulatedItem Item(EwsId id) =>
        _database.TryItem(id.Id, out var item) ? item : throw new ArgumentException("There is no such item (any more).", nameof(id));
}
