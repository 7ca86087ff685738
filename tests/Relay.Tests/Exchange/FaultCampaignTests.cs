using System.Globalization;
using Relay.Exchange;
using Relay.ExchangeSimulator;
using Relay.Wire.Ews;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>
/// Activity in two mailboxes while everything goes wrong that can: at the end each event is in the log once, or covered by a caught-up net
/// change of its item, or by a gap. <c>RELAY_CAMPAIGN_ROUNDS</c> and <c>RELAY_CAMPAIGN_SEED</c> make the short run a long one or another one.
/// </summary>
public sealed class FaultCampaignTests : IAsyncLifetime
{
    private static readonly string[] Folders = ["inbox", "drafts", "sentitems", "deleteditems"];

    private static readonly SimulatorFault[] Ordered =
    [
        SimulatorFault.ServerBusy, SimulatorFault.ServerBusyMessage, SimulatorFault.TransientError, SimulatorFault.Unauthorized,
        SimulatorFault.Unavailable, SimulatorFault.ErrorPage, SimulatorFault.DropRequest, SimulatorFault.DropAnswer, SimulatorFault.Stall,
        SimulatorFault.Gzip, SimulatorFault.StreamDrop, SimulatorFault.StreamNoClosed, SimulatorFault.StreamMissedEvents,
        SimulatorFault.StreamSlow, SimulatorFault.StreamCoalesced, SimulatorFault.StreamSilence, SimulatorFault.SubscriptionLost,
        SimulatorFault.AgedWatermark,
    ];

    private static readonly SimulatorFault[] OrderedOfPush = [SimulatorFault.PushLost, SimulatorFault.PushDuplicate, SimulatorFault.PushReorder];

    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(2);

    private readonly List<(string Mailbox, EwsId Item)> _items = [];
    private readonly Dictionary<string, int> _faults = [];
    private ExchangeStage _stage = null!;
    private Dictionary<string, CampaignLedger> _ledgers = null!;
    private Random _random = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync(options => options.Minute = Minute);
        _stage.Options.SilenceLimit = TimeSpan.FromSeconds(2);
        _stage.Options.RequestTimeout = TimeSpan.FromSeconds(2);
        _stage.Options.PullFastest = TimeSpan.FromMilliseconds(100);
        _stage.Options.PullSlowest = TimeSpan.FromMilliseconds(200);
        _stage.Options.Minute = Minute;
        _stage.Options.PushStatusMinutes = 1;
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData(nameof(ExchangeMode.Streaming))]
    [InlineData(nameof(ExchangeMode.Pull))]
    [InlineData(nameof(ExchangeMode.Push))]
    public async Task Nothing_is_lost_in_silence(string mode)
    {
        _stage.Options.Mode = Enum.Parse<ExchangeMode>(mode);
        if (_stage.Options.Mode == ExchangeMode.Push)
        {
            await _stage.ListenAsync();
        }

        await _stage.StartRelayAsync();
        var rounds = Setting("RELAY_CAMPAIGN_ROUNDS", 20);
        var seed = Setting("RELAY_CAMPAIGN_SEED", 20261121);
        _random = new Random(seed);
        await WatchAsync();

        for (var round = 0; round < rounds; round++)
        {
            for (var actions = _random.Next(1, 6); actions > 0; actions--)
            {
                Act();
            }

            await DisturbAsync();
            Take();
        }

        await ComeToRestAsync();
        var faults = _ledgers.SelectMany(ledger => ledger.Value.Judge(_stage.Log(ledger.Key))).ToList();
        Report(rounds, seed);
        Assert.True(faults.Count == 0, $"Seed {seed}: {faults.Count} of {_ledgers.Values.Sum(ledger => ledger.Count)}: {string.Join(" | ", faults.Take(10))}");
    }

    private async Task WatchAsync()
    {
        await _stage.WatchAsync(Ann);
        await _stage.WatchAsync(Bob, Folders);
        _ledgers = new[] { Ann, Bob }.ToDictionary(mailbox => mailbox, mailbox => new CampaignLedger(
            _stage.Server,
            mailbox,
            _stage.Store.Read(transaction => transaction.Watches.Folders(transaction.Watches.FindMailbox(mailbox)!.Value))
                .Select(folder => folder.FolderId).ToHashSet(),
            allFolders: mailbox == Ann));
    }

    /// <summary>One thing that users and mail flow do.</summary>
    private void Act()
    {
        var mailbox = _random.Next(2) == 0 ? Ann : Bob;
        var folder = Folders[_random.Next(Folders.Length)];
        var choice = _random.Next(10);
        if (choice < 4 || _items.Count == 0)
        {
            _items.Add((mailbox, choice < 3
                ? _stage.Server.DeliverMail(mailbox, "mail", "eve@other.example")
                : _stage.Server.CreateItem(mailbox, folder, "item")));
            return;
        }

        var index = _random.Next(_items.Count);
        var (owner, item) = _items[index];
        switch (choice)
        {
            case 4 or 5:
                _stage.Server.MarkRead(item, _random.Next(2) == 0);
                break;
            case 6:
                _stage.Server.UpdateItem(item, "changed");
                break;
            case 7:
                _items[index] = (owner, _stage.Server.MoveItem(item, folder));
                break;
            case 8:
                _items.Add((owner, _stage.Server.CopyItem(item, folder)));
                break;
            default:
                _stage.Server.DeleteItem(item);
                _items.RemoveAt(index);
                break;
        }
    }

    private async Task DisturbAsync()
    {
        var choice = _random.Next(20);
        switch (choice)
        {
            case 0:
                Count("connections cut");
                _stage.Proxy.CutAll();
                break;
            case 1:
                Count("Exchange away");
                _stage.Proxy.Refuses = true;
                await CutForAMomentAsync(_stage.Proxy);
                break;
            case < 6:
                DisturbServer(choice);
                break;
            case 6:
                Count("relay crashed");
                await _stage.CrashRelayAsync();
                Act();
                await _stage.StartRelayAsync();
                break;
            case 7:
                Count("relay stopped");
                await _stage.StopRelayAsync();
                Act();
                await _stage.StartRelayAsync();
                break;
            case 8:
                Count("connections stalled for good");
                await StallAsync(_stage.Proxy);
                break;
            case 9 when _stage.PushProxy is { } push:
                Count("pushes cut");
                push.Refuses = _random.Next(2) == 0;
                await CutForAMomentAsync(push);
                break;
            case 10 when _stage.PushProxy is { } push:
                Count("pushes stalled for good");
                await StallAsync(push);
                break;
            case < 13 when _stage.PushProxy is not null:
                Order(OrderedOfPush);
                break;
            case < 16:
                Order(Ordered);
                break;
            default:
                break;
        }

        // Rounds follow each other at all distances: none, so that faults meet, and some, so that streams come up between them.
        await Task.Delay(_random.Next(4) * 60);
    }

    private void DisturbServer(int choice)
    {
        switch (choice)
        {
            case 2:
                Count("server restarted");
                _stage.Server.Restart();
                break;
            case 3:
                Count("subscriptions forgotten");
                _stage.Server.ForgetSubscriptions();
                break;
            case 4:
                Count("events aged");
                _ledgers[Ann].ForgetEvents();
                break;
            default:
                if (_random.Next(4) == 0)
                {
                    Count("another database");
                    _stage.Server.BecomeAnotherDatabase();
                }
                else
                {
                    Order(_stage.PushProxy is null ? Ordered : OrderedOfPush);
                }

                break;
        }
    }

    private async Task CutForAMomentAsync(CuttingProxy proxy)
    {
        proxy.CutAll();
        Act();
        await Task.Delay(_random.Next(100));
        proxy.Refuses = false;
    }

    private async Task StallAsync(CuttingProxy proxy)
    {
        proxy.Stall();
        Act();
        await Task.Delay(_random.Next(50));
        proxy.Abandon();
    }

    private void Order(SimulatorFault[] faults)
    {
        var fault = faults[_random.Next(faults.Length)];
        Count(fault.ToString());
        _stage.Server.Arm(fault, _random.Next(1, 4), null, TimeSpan.FromMilliseconds(_random.Next(300)));
    }

    private async Task ComeToRestAsync()
    {
        _stage.Server.Disarm();
        _stage.Proxy.Abandon();
        _stage.PushProxy?.Abandon();
        Take();
        foreach (var mailbox in _ledgers.Keys)
        {
            await _stage.StreamingAsync(mailbox);
        }

        Take();

        // What was made last may still be on its way.
        await _stage.LaterAsync(Ann);
        await _stage.LaterAsync(Bob);
        foreach (var mailbox in _ledgers.Keys)
        {
            await _stage.SettledAsync(mailbox);
        }
    }

    private void Take()
    {
        foreach (var ledger in _ledgers.Values)
        {
            ledger.Take();
        }
    }

    private void Count(string fault) => _faults[fault] = _faults.GetValueOrDefault(fault) + 1;

    private void Report(int rounds, int seed)
    {
        var log = _ledgers.Keys.SelectMany(_stage.Log).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_stage.Options.Mode}, {rounds} rounds, seed {seed}: {_ledgers.Values.Sum(ledger => ledger.Count)} events happened; {log.Count(entry => !entry.CaughtUp)} told as "
            + $"they happened, {log.Count(entry => entry.CaughtUp)} caught up, {log.Count(entry => entry.Gap is not null)} gaps; "
            + string.Join(", ", _faults.OrderBy(fault => fault.Key).Select(fault => $"{fault.Key} {fault.Value}")));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
