using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Bounces;
using Relay.Store;
using Relay.Store.Sql;
using Relay.Subscriptions;
using Relay.TestKit;
using Relay.Tests.Store;

namespace Relay.Tests.Bounces;

/// <summary>A subscription whose mail comes back, over weeks by a manual clock.</summary>
public sealed class SuspensionTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly BounceOptions _options = new();
    private SuspensionWorker _worker = null!;
    private BounceBook _book = null!;
    private long _id;

    private SqlStore Store => _database.Current;

    public async ValueTask InitializeAsync()
    {
        byte[] key = Store.Read(t => t.Identity.SigningKey);
        _book = new BounceBook(_options);
        var composer = new LifecycleComposer(new SubscriptionTokens(key), new OwnMessageIds(key, new IdSource(RandomNumberGenerator.Create())));
        _worker = new SuspensionWorker(Store, _options, _book, composer, _clock, NullLogger<SuspensionWorker>.Instance);
        _id = await CommitAsync(t => t.Subscriptions.Add(StoreContract.NewSubscription()));
    }

    public async ValueTask DisposeAsync()
    {
        _worker.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_way_that_takes_probes_and_loses_what_follows_them_is_given_up_in_the_end()
    {
        var start = _clock.GetUtcNow();
        int probes = 0;
        while (State() != SubscriptionState.Ended)
        {
            if (State() == SubscriptionState.Active)
            {
                await LoseAsync();
                continue;
            }

            await NextStepAsync();
            probes += await SendAsync() ? 1 : 0;
            Assert.InRange(probes, 0, 20);
        }

        Assert.InRange(_clock.GetUtcNow() - start, _options.EndAfter, _options.EndAfter + TimeSpan.FromDays(2));
        Assert.InRange(probes, 5, 15); // at growing intervals, all the same
    }

    [Fact]
    public async Task A_quiet_time_ends_such_a_series()
    {
        for (int month = 0; month < 6; month++)
        {
            await LoseAsync();
            await NextStepAsync();
            Assert.True(await SendAsync());
            await NextStepAsync();
            await NextStepAsync();
            Assert.Equal(SubscriptionState.Active, State());
            _clock.Advance(TimeSpan.FromDays(30));
            await _worker.RoundAsync(CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("a queue that gave up after five days", 5, true)]
    [InlineData("a server that returned it the next day", 1, false)]
    public async Task A_mail_that_comes_back_after_days_of_trying_counts_as_one_that_we_give_up_and_once(string why, int days, bool isEnough)
    {
        string id = await MailAsync();
        _clock.Advance(TimeSpan.FromDays(days));
        await ReturnAsync(id, BounceKind.Soft);
        Assert.True((isEnough ? SubscriptionState.Suspended : SubscriptionState.Active) == State(), why);
        int score = Record().Score;
        Assert.StartsWith("ignored", await ReturnAsync(id, BounceKind.Soft), StringComparison.Ordinal);
        Assert.Equal(score, Record().Score);
    }

    [Fact]
    public async Task A_mail_that_waited_here_for_days_was_not_tried_where_it_came_back()
    {
        string id = await MailAsync(sentAfter: TimeSpan.FromDays(6)); // no smarthost
        await ReturnAsync(id, BounceKind.Soft);
        Assert.Equal(SubscriptionState.Active, State());
    }

    [Fact]
    public async Task A_hard_failure_that_is_reported_days_late_counts_as_one()
    {
        string id = await MailAsync();
        _clock.Advance(TimeSpan.FromDays(5));
        await _worker.RoundAsync(CancellationToken.None);
        await ReturnAsync(id, BounceKind.Hard);
        Assert.Equal(SubscriptionState.Suspended, State());
        Assert.Equal(_options.SoftLimit, Record().Score);
    }

    [Fact]
    public async Task Mails_sent_in_one_bad_day_are_one_series_however_late_some_of_them_come_back()
    {
        string[] ids = [await MailAsync(), await MailAsync(), await MailAsync()];
        await ReturnAsync(ids[0], BounceKind.Soft);
        await ReturnAsync(ids[1], BounceKind.Soft);
        for (int day = 0; day < 3; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            await _worker.RoundAsync(CancellationToken.None);
        }

        await ReturnAsync(ids[2], BounceKind.Soft);
        Assert.Equal(SubscriptionState.Suspended, State());
    }

    [Fact]
    public async Task Mails_sent_days_apart_are_none()
    {
        for (int number = 0; number < 5; number++)
        {
            await ReturnAsync(await MailAsync(), BounceKind.Soft);
            _clock.Advance(TimeSpan.FromDays(3));
            await _worker.RoundAsync(CancellationToken.None);
        }

        Assert.Equal(SubscriptionState.Active, State());
        Assert.Equal(1, Record().Score);
    }

    [Theory]
    [InlineData("a probe arrived", false)]
    [InlineData("its owner let it go on", true)]
    public async Task Late_news_of_mail_from_before_it_went_on_suspends_nobody(string why, bool byOwner)
    {
        string late = await MailAsync();
        await LoseAsync();
        if (byOwner)
        {
            await CommitAsync(t => t.Subscriptions.SetState(_id, SubscriptionState.Active, null, _clock.GetUtcNow()));
        }
        else
        {
            await NextStepAsync();
            Assert.True(await SendAsync());
            await NextStepAsync();
        }

        for (int day = 0; day < 5; day++)
        {
            Assert.Equal(SubscriptionState.Active, State());
            _clock.Advance(TimeSpan.FromDays(1));
            await _worker.RoundAsync(CancellationToken.None);
        }

        Assert.StartsWith("ignored", await ReturnAsync(late, BounceKind.Hard), StringComparison.Ordinal);
        Assert.True(State() == SubscriptionState.Active, why);
        _clock.Advance(TimeSpan.FromDays(8));
        await _worker.RoundAsync(CancellationToken.None);
        Assert.Null(Store.Read(t => t.Bounces.Find(_id))); // and is not kept for ever
    }

    [Fact]
    public async Task A_gap_whose_mail_is_reported_after_it_went_on_is_told_again_and_once()
    {
        string gap = await MailAsync("Subject: Gap\r\nRelay-Gap: a b\r\n\r\n");
        await LoseAsync();
        await CommitAsync(t => t.Subscriptions.SetState(_id, SubscriptionState.Active, null, _clock.GetUtcNow()));
        for (int time = 0; time < 3; time++)
        {
            await ReturnAsync(gap, BounceKind.Hard);
            _clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(time == 0, await SendAsync());
        }
    }

    private BounceRecord Record() => Store.Read(t => t.Bounces.Find(_id))!;

    private Task<string> ReturnAsync(string id, BounceKind kind) => CommitAsync(
        t => _book.NoteReturned(t, t.Outbox.FindByMessageId(id)!, kind, "for a test", _clock.GetUtcNow()));

    // A notification that the smarthost takes.
    private async Task<string> MailAsync(string content = "Subject: x\r\n\r\n", TimeSpan sentAfter = default)
    {
        long sequence = Store.Read(t => t.Subscriptions.Find(_id))!.Sequence + 1;
        var mail = StoreContract.OutMail($"<{sequence}@g>", OutboxKind.Notification, _id, sequence) with
        {
            CreatedAt = _clock.GetUtcNow(),
            Content = System.Text.Encoding.ASCII.GetBytes(content),
        };
        await CommitAsync(t => t.Outbox.Add(mail) > 0 && t.Subscriptions.Advance(_id, new LogPosition(0), sequence, _clock.GetUtcNow()));
        _clock.Advance(sentAfter);
        await SendAsync();
        return mail.MessageId;
    }

    private SubscriptionState State() => Store.Read(t => t.Subscriptions.Find(_id))!.State;

    private Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work) => Store.CommitAsync(work, CancellationToken.None);

    // A notification that the smarthost takes, and that comes back an hour later.
    private async Task LoseAsync()
    {
        string id = await MailAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await ReturnAsync(id, BounceKind.Hard);
    }

    // The smarthost takes whatever waits.
    private Task<bool> SendAsync() => CommitAsync(t =>
    {
        var mails = t.Outbox.Claim(10, _clock.GetUtcNow(), TimeSpan.FromMinutes(1));
        mails.ToList().ForEach(mail => t.Outbox.Delivered(mail.Id, "250", _clock.GetUtcNow()));
        return mails.Count > 0;
    });

    private async Task NextStepAsync()
    {
        var due = Store.Read(t => t.Bounces.Find(_id))!.NextAt!.Value;
        _clock.Advance(due > _clock.GetUtcNow() ? due - _clock.GetUtcNow() : TimeSpan.Zero);
        await _worker.RoundAsync(CancellationToken.None);
    }
}
