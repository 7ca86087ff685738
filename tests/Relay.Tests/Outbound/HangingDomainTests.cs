using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Bounces;
using Relay.Outbound;
using Relay.Reports;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.Store.Sql;
using Relay.Subscriptions;
using Relay.TestKit;
using Relay.Tests.Store;

namespace Relay.Tests.Outbound;

/// <summary>Many mails to a domain at which each try hangs for minutes, over days by a manual clock.</summary>
public sealed class HangingDomainTests : IAsyncLifetime
{
    private const int Mails = 400;

    private static readonly TimeSpan Try = TimeSpan.FromMinutes(20);

    private readonly SqliteTestStore _database = new();
    private readonly ManualTimeProvider _time = new();
    private readonly RouteQueue _queue;
    private readonly DeliveryOptions _options = new()
    {
        Smarthosts = [new SmarthostOptions("127.0.0.1", 25, SmtpClientTls.None, null, null)],
        Connections = 4,
        FirstRetry = TimeSpan.FromMinutes(1),
        GiveUp = TimeSpan.FromDays(5),
    };

    public HangingDomainTests() => _queue = new RouteQueue(4, new Bell(), _time);

    private SqlStore Store => _database.Current;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task All_are_given_up_soon_after_five_days_and_none_before()
    {
        await AddAsync();
        await TryUntilAsync(_time.GetUtcNow() + _options.GiveUp - TimeSpan.FromHours(1));
        Assert.Empty(Store.Read(t => t.Outbox.List(OutboxState.GivenUp, 0, 1)));

        await TryUntilAsync(_time.GetUtcNow() + TimeSpan.FromHours(7));
        Assert.Equal(Mails, Store.Read(t => t.Outbox.List(OutboxState.GivenUp, 0, Mails + 1)).Count);
        Assert.Contains("hangs", Store.Read(t => t.Outbox.Find(Mails))!.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task None_is_given_up_for_the_time_in_which_nobody_tried()
    {
        await AddAsync();
        await TryUntilAsync(_time.GetUtcNow() + TimeSpan.FromHours(3));
        _time.Advance(TimeSpan.FromDays(9)); // the smarthost is away
        await TryUntilAsync(_time.GetUtcNow() + TimeSpan.FromHours(12));
        Assert.Empty(Store.Read(t => t.Outbox.List(OutboxState.GivenUp, 0, 1)));
    }

    [Fact]
    public async Task What_was_found_before_the_smarthost_was_away_gives_up_none_that_came_meanwhile()
    {
        await AddAsync();
        await TryUntilAsync(_time.GetUtcNow() + TimeSpan.FromHours(23));
        await AddAsync();
        _time.Advance(TimeSpan.FromDays(6)); // the smarthost is away
        await TryUntilAsync(_time.GetUtcNow() + TimeSpan.FromHours(3));
        Assert.Empty(Store.Read(t => t.Outbox.List(OutboxState.GivenUp, 0, 1)));
    }

    private Task<int> AddAsync() => Store.CommitAsync(
        t => Enumerable.Range(1, Mails).Count(i => t.Outbox.Add(StoreContract.OutMail($"<{i}@g>") with { CreatedAt = _time.GetUtcNow() }) > 0), CancellationToken.None);

    // What worker and sender do, but for the connection.
    private async Task TryUntilAsync(DateTimeOffset end)
    {
        while (_time.GetUtcNow() < end)
        {
            var load = _queue.Load(isAway: false);
            var claimed = await Store.CommitAsync(
                t => t.Outbox.Claim(2 * RouteQueue.Enough - load.Waiting, _time.GetUtcNow(), OutboundWorker.Lease, load.Busy), CancellationToken.None);
            claimed.ToList().ForEach(_queue.Add);
            if (_queue.Take(out _) is { } mail)
            {
                await HangAsync(mail);
            }
            else
            {
                _time.Advance(_options.FirstRetry);
            }
        }
    }

    private async Task HangAsync(OutboxMail mail)
    {
        _time.Advance(Try);
        var forwards = new ForwardReports(new DeliveryReports(new OwnMessageIds([1], new IdSource(RandomNumberGenerator.Create())), "gateway.example", _time), _options);
        var settling = new OutcomeSettling(
            Store, new RetrySchedule(_options, new Random(1)), new BounceBook(new BounceOptions()), forwards, _time, NullLogger<OutcomeSettling>.Instance);
        var settled = settling.RunAsync(CancellationToken.None);
        var (left, hungFor) = _queue.Done(mail, LaneVerdict.Silent, _options.FirstRetry);
        var tried = new SendOutcome.Tried(new DeliveryOutcome.Deferred(DeliveryStage.Recipient, null, "no answer in time")) { HungFor = hungFor };
        foreach (var behind in left)
        {
            await settling.AddAsync(behind, new SendOutcome.HeldUp(tried, _options.FirstRetry));
        }

        await settling.AddAsync(mail, tried);
        settling.Complete();
        await settled;
    }
}
