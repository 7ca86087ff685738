using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Housekeeping;
using Relay.Store;
using Relay.Tests.Store;
using Relay.Tests.Subscriptions.Model;
using Relay.Wire.Ews;

namespace Relay.Tests.Subscriptions;

/// <summary>The mail server is away for days while events go on coming: the log keeps to its bound, and nobody is left to believe that he had all.</summary>
[Collection(nameof(AbsenceTests))]
[CollectionDefinition(nameof(AbsenceTests), DisableParallelization = true)] // it measures the memory of the process
public sealed class AbsenceTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Mailboxes = 20;
    private const int Bound = 20_000;
    private const int EventsAnHour = 1000;
    private const int Hours = 6 * 24;

    private readonly ModelStage _stage = new();
    private readonly List<ModelSubscriber> _subscribers = [];
    private readonly List<DateTimeOffset> _hours = [];
    private readonly Dictionary<string, List<string>> _told = [];
    private readonly Dictionary<string, List<(DateTimeOffset From, DateTimeOffset To)>> _gaps = [];
    private EventRetention _retention = null!;

    public async ValueTask InitializeAsync()
    {
        _retention = new EventRetention(_stage.Store, new RetentionOptions { MostEvents = Bound }, NullLogger<EventRetention>.Instance);
        for (int number = 0; number < 2 * Mailboxes; number++)
        {
            await SubscribeAsync(number, []);
        }

        await SubscribeAsync(2 * Mailboxes, ["calendar"]);
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task What_the_log_cannot_keep_is_told_as_a_gap_and_all_else_in_order()
    {
        var memory = new List<long>();
        for (int hour = 0; hour < Hours; hour++)
        {
            await HourAsync(hour);
            Assert.InRange(_stage.Store.Read(t => t.Events.End().Value - t.Events.OldestRetained().Value), 0, Bound);
            Assert.InRange(_stage.Store.Read(t => t.Outbox.Counts().Waiting), 0, _subscribers.Count);
            if (hour % 48 == 47)
            {
                memory.Add(Memory());
            }
        }

        output.WriteLine($"Memory after 2, 4 and 6 days: {string.Join(", ", memory.Select(octets => $"{octets / 1024} KiB"))}");
        Assert.InRange(memory[^1] - memory[0], long.MinValue, 3 * 1024 * 1024); // 96,000 events later

        await RecoverAsync();
        _subscribers[..^1].ForEach(CheckComplete);
        Assert.DoesNotContain(_subscribers[^1].Id, _gaps.Keys); // what is gone it had not asked for
    }

    [Fact]
    public async Task A_crash_between_letting_go_and_telling_is_made_up_for()
    {
        await HourAsync(0); // mailed
        await HourAsync(1); // not mailed while the first are under way
        await _stage.Store.CommitAsync(t => t.Events.Retire(_stage.Clock.GetUtcNow().AddDays(1), Bound, 100_000), CancellationToken.None);
        await _stage.RestartAsync();
        _retention = new EventRetention(_stage.Store, new RetentionOptions { MostEvents = Bound }, NullLogger<EventRetention>.Instance);
        Assert.Equal(2 * EventsAnHour, await _retention.RunAsync(_stage.Clock.GetUtcNow(), CancellationToken.None));
        await _stage.RestartAsync();
        await RecoverAsync();
        _subscribers[..^1].ForEach(CheckComplete);
        Assert.All(_subscribers[..^1], subscriber => Assert.Single(_gaps[subscriber.Id]));
    }

    [Fact]
    public async Task A_gap_that_is_noted_while_the_next_page_is_read_is_told_before_it()
    {
        await HourAsync(0);
        await RecoverAsync();
        await AppendAsync(1, _stage.Clock.GetUtcNow());
        await _stage.Store.CommitAsync(t => t.Events.Retire(_stage.Clock.GetUtcNow().AddDays(1), Bound, 100_000), CancellationToken.None);
        await _retention.RunAsync(_stage.Clock.GetUtcNow(), CancellationToken.None);
        var rung = _stage.Store.Bells.Subscriptions.Take(); // too late for the round that runs
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        await AppendAsync(2, _stage.Clock.GetUtcNow());
        await _stage.PassAsync();

        rung.ToList().ForEach(_stage.Store.Bells.Subscriptions.Ring);
        await _stage.PassAsync();
        var first = _stage.Store.Read(t => t.Outbox.List(OutboxState.Waiting, 0, 100).Select(mail => Encoding.ASCII.GetString(t.Outbox.Content(mail.Id)!.Value.Span)).ToList());
        Assert.Equal(2 * Mailboxes, first.Count(content => content.Contains("\r\nRelay-Gap: ", StringComparison.Ordinal)));
        await RecoverAsync();
        _subscribers[..^1].ForEach(CheckComplete);
    }

    private async Task SubscribeAsync(int number, string[] folders)
    {
        var subscriber = new ModelSubscriber(number, SubscriptionKind.Push, number % Mailboxes, EwsEventTypes.Created, folders, acknowledges: false, DeliveryWishes.None);
        await _stage.SubscribeAsync(subscriber, null);
        _subscribers.Add(subscriber);
    }

    private async Task HourAsync(int hour)
    {
        var now = _stage.Clock.GetUtcNow();
        await AppendAsync(hour, now);
        await _stage.PassAsync();
        await _retention.RunAsync(now, CancellationToken.None);
        _stage.Clock.Advance(TimeSpan.FromHours(1));
    }

    private Task<bool> AppendAsync(int hour, DateTimeOffset now)
    {
        _hours.Add(now);
        return _stage.Store.CommitAsync(
            t =>
            {
                foreach (var ofMailbox in EventsOf(hour).GroupBy(one => one.Mailbox))
                {
                    long mailbox = t.Watches.MailboxId($"m{ofMailbox.Key}@corp.example");
                    t.Events.Append(mailbox, [.. ofMailbox.Select(one => StoreContract.Event(one.Id) with { TimeStamp = now })], false, now);
                }

                return true;
            },
            CancellationToken.None);
    }

    private async Task RecoverAsync()
    {
        int quiet = 0;
        while (quiet < 2)
        {
            await _stage.PassAsync();
            var mails = await _stage.Store.CommitAsync(
                t => t.Outbox.Claim(1000, _stage.Clock.GetUtcNow(), TimeSpan.FromMinutes(1)).Select(mail => (mail, Content: t.Outbox.Content(mail.Id)!.Value)).ToList(),
                CancellationToken.None);
            foreach (var (mail, content) in mails)
            {
                Take(ModelMail.Read(mail, content), content);
                await _stage.Store.CommitAsync(t => t.Outbox.Delivered(mail.Id, "250", _stage.Clock.GetUtcNow()), CancellationToken.None);
                _stage.Store.Bells.Subscriptions.Ring(mail.SubscriptionId!.Value);
            }

            quiet = mails.Count == 0 ? quiet + 1 : 0;
        }
    }

    private void Take(ModelMail mail, ReadOnlyMemory<byte> content)
    {
        string id = mail.Subscription!;
        foreach (var told in mail.Notification?.Events.Where(one => one.Type != MailboxEventType.Status) ?? [])
        {
            (_told.TryGetValue(id, out var list) ? list : _told[id] = []).Add(told.Object.Id);
        }

        string header = Encoding.ASCII.GetString(content.Span).Split("\r\n\r\n")[0];
        foreach (string line in header.Split("\r\n").Where(line => line.StartsWith("Relay-Gap: ", StringComparison.Ordinal)))
        {
            var times = line["Relay-Gap: ".Length..].Split(' ').Select(time => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)).ToList();
            (_gaps.TryGetValue(id, out var list) ? list : _gaps[id] = []).Add((times[0], times[1]));
        }
    }

    // Told, once and in order, or within a gap; and the gap is no larger than it has to be.
    private void CheckComplete(ModelSubscriber subscriber)
    {
        var told = _told.GetValueOrDefault(subscriber.Id, []).ToList();
        var had = told.ToHashSet();
        var gaps = _gaps.GetValueOrDefault(subscriber.Id, []);
        var wanted = Enumerable.Range(0, _hours.Count).SelectMany(EventsOf).Where(one => one.Mailbox == subscriber.Mailbox).ToList();
        var missed = wanted.Where(one => !had.Contains(one.Id)).ToList();
        Assert.Equal(wanted.Select(one => one.Id).Where(had.Contains), told);
        Assert.All(missed, one => Assert.Contains(gaps, gap => gap.From <= one.At && one.At <= gap.To));
        Assert.All(gaps, gap => Assert.Contains(missed, one => one.At == gap.From));
        Assert.All(gaps, gap => Assert.Contains(missed, one => one.At == gap.To));
    }

    private IEnumerable<(string Id, int Mailbox, DateTimeOffset At)> EventsOf(int hour) =>
        Enumerable.Range(0, EventsAnHour).Select(i => ($"{hour}.{i}", i % Mailboxes, _hours[hour]));

    private static long Memory()
    {
        for (int time = 0; time < 2; time++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
