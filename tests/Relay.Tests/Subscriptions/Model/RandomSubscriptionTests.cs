using System.Globalization;
using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Subscriptions.Model;

/// <summary>
/// Subscriptions of all kinds, events, and a mail that loses, doubles and reorders, with restarts in between. At the end each subscriber that
/// follows the contract has been told every event that it asked for, in order, once. RELAY_MODEL_SUBSCRIBERS, RELAY_MODEL_STEPS and RELAY_MODEL_SEED make it long.
/// </summary>
public sealed class RandomSubscriptionTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Mailboxes = 20;
    private static readonly string[] Folders = ["inbox", "sentitems", "drafts", "archive"];

    private static readonly MailboxEventType[] Types =
        [MailboxEventType.NewMail, MailboxEventType.Created, MailboxEventType.Modified, MailboxEventType.Moved, MailboxEventType.Deleted];

    private readonly ModelStage _stage = new();
    private readonly List<ModelSubscriber> _subscribers = [];
    private readonly List<ModelEvent> _events = [];
    private readonly List<(ModelSubscriber To, ModelMail Mail)> _network = [];
    private readonly Dictionary<string, ModelSubscriber> _byAddress = [];
    private Random _random = new(0);
    private bool _isKind;
    private int _mails;
    private int _lost;
    private int _restarts;
    private int _resubscribed;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Every_subscriber_that_follows_the_contract_is_told_every_event_it_asked_for_in_order_and_once()
    {
        int seed = Setting("RELAY_MODEL_SEED", 20261121);
        int subscribers = Setting("RELAY_MODEL_SUBSCRIBERS", 200);
        int steps = Setting("RELAY_MODEL_STEPS", 80);
        _random = new Random(seed);
        for (int step = 0; step < steps; step++)
        {
            await JoinAsync(subscribers * (step + 1) / steps - _subscribers.Count);
            await HappenAsync(_random.Next(60));
            await ActAsync();
            await RelayAsync();
            await MailAsync();
            _stage.Clock.Advance(TimeSpan.FromSeconds(_random.Next(90)));
            if (_random.Next(20) == 0)
            {
                _restarts++;
                await _stage.RestartAsync();
            }
        }

        await CalmDownAsync();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}: {_subscribers.Count} subscribers, {_events.Count} events, {_mails} mails, {_lost} lost, {_restarts} restarts,"
            + $" {_subscribers.Sum(one => one.Asked)} times asked again, {_resubscribed} times subscribed again, {_subscribers.Sum(one => one.Told.Count)} told"));
        Assert.All(_subscribers, Judge);
        Assert.All(Enum.GetValues<SubscriptionKind>(), kind => Assert.Contains(_subscribers, one => one.Kind == kind && one.Told.Count > 0));
        Assert.True(_lost > 0 && _restarts > 0 && _resubscribed > 0, "Everything that can go wrong did.");
    }

    private void Judge(ModelSubscriber subscriber)
    {
        var wanted = _events.Where(e => e.Position > subscriber.From && e.IsAskedForBy(subscriber)).Select(e => e.Id).ToList();
        // Whoever has left was told a beginning of it.
        Assert.Equal(subscriber.HasLeft ? wanted.Take(subscriber.Told.Count) : wanted, subscriber.Told);
    }

    private async Task JoinAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            var kind = (SubscriptionKind)_random.Next(3);
            var types = (EwsEventTypes)0;
            foreach (var type in new[] { EwsEventTypes.NewMail, EwsEventTypes.Created, EwsEventTypes.Modified, EwsEventTypes.Moved, EwsEventTypes.Deleted })
            {
                types |= _random.Next(2) == 0 ? type : 0;
            }

            var subscriber = new ModelSubscriber(
                _subscribers.Count, kind, _random.Next(Mailboxes), types == 0 ? EwsEventTypes.NewMail : types,
                [.. Folders.Where(_ => _random.Next(3) == 0).Select(name => $"{name}")], kind == SubscriptionKind.Push && _random.Next(3) == 0,
                kind == SubscriptionKind.Push && _random.Next(2) == 0 ? Wishes() : DeliveryWishes.None);
            _subscribers.Add(subscriber);
            _byAddress.Add(subscriber.Address, subscriber);
            await _stage.SubscribeAsync(subscriber, null);
        }
    }

    // Each object of the model has one event, so that coalescing leaves them as they are.
    private DeliveryWishes Wishes()
    {
        int? minutes = _random.Next(2) == 0 ? 1 + _random.Next(4) : null;
        return new DeliveryWishes
        {
            DigestMinutes = minutes,
            DigestEvents = minutes is null || _random.Next(2) == 0 ? null : 1 + _random.Next(20),
            Coalesce = _random.Next(2) == 0 ? true : null,
            LargestMail = _random.Next(2) == 0 ? DeliveryWishes.LeastLargestMail : null,
        };
    }

    private async Task HappenAsync(int count)
    {
        var happened = Enumerable.Range(_events.Count, count).Select(number =>
        {
            var type = Types[_random.Next(Types.Length)];
            bool isFolder = type != MailboxEventType.NewMail && _random.Next(5) == 0;
            return new ModelEvent(
                0, _random.Next(Mailboxes), type, $"e{number}", Folders[_random.Next(4)], type == MailboxEventType.Moved ? Folders[_random.Next(4)] : null, isFolder);
        }).ToList();
        var now = _stage.Clock.GetUtcNow();
        _events.AddRange(await _stage.Store.CommitAsync(
            t => happened.ConvertAll(e => e with { Position = t.Events.Append(t.Watches.MailboxId($"m{e.Mailbox}@corp.example"), [e.AsLogged(now)], false, now)[0].Value }),
            CancellationToken.None));
    }

    // What subscribers do of themselves: ask, open streams, pause, resume, leave.
    private async Task ActAsync()
    {
        foreach (var subscriber in _subscribers.Where(one => !one.HasLeft))
        {
            switch (subscriber.Kind)
            {
                case SubscriptionKind.Pull when _random.Next(4) == 0:
                    await subscriber.CatchUpAsync((id, watermark) => _stage.GetEventsAsync(subscriber, id, watermark));
                    break;
                case SubscriptionKind.Streaming when !subscriber.IsStreaming || _random.Next(20) == 0:
                    await StreamAsync(subscriber);
                    break;
                case SubscriptionKind.Push when _random.Next(15) == 0:
                    string change = subscriber.IsPaused ? "Resume" : "Pause";
                    await _stage.AskAsync(subscriber, $"<r:{change}Subscription><r:SubscriptionId>{subscriber.Id}</r:SubscriptionId></r:{change}Subscription>");
                    subscriber.IsPaused = !subscriber.IsPaused;
                    break;
                case SubscriptionKind.Push or SubscriptionKind.Streaming or SubscriptionKind.Pull when !_isKind && _random.Next(400) == 0:
                    await _stage.AskAsync(subscriber, Gateway.Mails.Unsubscribe(subscriber.Id));
                    subscriber.HasLeft = true;
                    break;
                default:
                    break;
            }
        }
    }

    private async Task StreamAsync(ModelSubscriber subscriber)
    {
        await _stage.AskAsync(subscriber, Gateway.Mails.GetStreamingEvents(1 + _random.Next(5), subscriber.Id));
        subscriber.IsStreaming = true;
    }

    // The mail server takes what is due, at times nothing; what it has taken may be lost, doubled and late.
    private async Task RelayAsync()
    {
        for (int i = _random.Next(4); i > 0; i--)
        {
            await _stage.PassAsync();
            var now = _stage.Clock.GetUtcNow();
            var claimed = await _stage.Store.CommitAsync(t => t.Outbox.Claim(500, now, TimeSpan.FromMinutes(5)), CancellationToken.None);
            foreach (var mail in claimed)
            {
                Route(mail);
            }

            await _stage.Store.CommitAsync(t => claimed.Count(mail => t.Outbox.Delivered(mail.Id, "250 2.0.0 ok", now)), CancellationToken.None);
            foreach (long subscription in claimed.Select(mail => mail.SubscriptionId).OfType<long>())
            {
                _stage.Store.Bells.Subscriptions.Ring(subscription);
            }
        }
    }

    private void Route(OutboxMail mail)
    {
        _mails++;
        var read = ModelMail.Read(mail, _stage.Store.Read(t => t.Outbox.Content(mail.Id))!.Value);
        var to = _byAddress[mail.Recipient];
        int copies = _isKind || read.Ended is not null || read.IsLast ? 1 : _random.Next(10) switch { 0 => 0, 1 => 2, _ => 1 };
        _lost += copies == 0 ? 1 : 0;
        for (int i = 0; i < copies; i++)
        {
            _network.Insert(_isKind ? _network.Count : _random.Next(_network.Count + 1), (to, read));
        }
    }

    private async Task MailAsync()
    {
        for (int i = _isKind ? _network.Count : _random.Next(_network.Count + 1); i > 0; i--)
        {
            var (to, mail) = _network[0];
            _network.RemoveAt(0);
            if (!to.HasLeft)
            {
                await TakeAsync(to, mail);
            }
        }
    }

    private async Task TakeAsync(ModelSubscriber to, ModelMail mail)
    {
        if (mail.IsLast)
        {
            to.IsStreaming = false;
        }
        else if (mail.Ended is not null && mail.Subscription == to.Id)
        {
            _resubscribed++;
            to.IsPaused = false;
            await _stage.SubscribeAsync(to, to.Watermark);
        }
        else
        {
            bool taken = await to.TakeAsync(mail, (id, watermark) => _stage.GetEventsAsync(to, id, watermark));
            if (to.Acknowledges && mail.Subscription == to.Id && (taken || _random.Next(2) == 0) && (_isKind || (to.Number % 3 > 0 && _random.Next(5) > 0)))
            {
                await _stage.AskAsync(to, Gateway.Mails.Result(), mail.MessageId);
            }
        }
    }

    // Mail is kind from now on. A push subscriber learns from the next status what is missing; the others ask.
    private async Task CalmDownAsync()
    {
        _isKind = true;
        await MailAsync();
        for (int round = 0; round < 40; round++)
        {
            foreach (var subscriber in _subscribers.Where(one => !one.HasLeft))
            {
                if (subscriber.IsPaused)
                {
                    await _stage.AskAsync(subscriber, $"<r:ResumeSubscription><r:SubscriptionId>{subscriber.Id}</r:SubscriptionId></r:ResumeSubscription>");
                    subscriber.IsPaused = false;
                }
                else if (subscriber.Kind == SubscriptionKind.Streaming && !subscriber.IsStreaming)
                {
                    await StreamAsync(subscriber);
                }
            }

            _stage.Clock.Advance(TimeSpan.FromSeconds(31));
            for (int i = 0; i < 3; i++)
            {
                await RelayAsync();
                await MailAsync();
            }
        }

        foreach (var subscriber in _subscribers.Where(one => one is { HasLeft: false, Kind: not SubscriptionKind.Push }))
        {
            await subscriber.CatchUpAsync((id, watermark) => _stage.GetEventsAsync(subscriber, id, watermark));
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
