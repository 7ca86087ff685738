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

    private SubscriptionState State() => Store.Read(t => t.Subscriptions.Find(_id))!.State;

    private Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work) => Store.CommitAsync(work, CancellationToken.None);

    // A notification that the smarthost takes, and that comes back an hour later.
    private async Task LoseAsync()
    {
        long sequence = Store.Read(t => t.Subscriptions.Find(_id))!.Sequence + 1;
        var mail = StoreContract.OutMail($"<{sequence}@g>", OutboxKind.Notification, _id, sequence) with { CreatedAt = _clock.GetUtcNow() };
        await CommitAsync(t => t.Outbox.Add(mail) > 0 && t.Subscriptions.Advance(_id, new LogPosition(0), sequence, _clock.GetUtcNow()));
        await SendAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await CommitAsync(t => _book.NoteReturned(t, t.Outbox.FindByMessageId(mail.MessageId)!, BounceKind.Hard, "550 5.1.1 no such user", _clock.GetUtcNow()));
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
