using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Notifications;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Tests.Store;

namespace Relay.Tests.Subscriptions;

/// <summary>When a subscription is looked at by the clock.</summary>
public sealed class ClockTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = StoreContract.Noon;

    private readonly SqliteTestStore _database = new();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("the mail server has not taken what is awaited: nothing is due before the lease ends", false, 3600)]
    [InlineData("it has: the repeat is due in half a minute", true, 30)]
    public async Task A_reminder_that_waits_for_an_acknowledgement_is_not_looked_at_all_the_time(string why, bool isMailed, int seconds)
    {
        var store = _database.Current;
        await store.CommitAsync(
            t =>
            {
                long id = t.Subscriptions.Add(StoreContract.NewSubscription(mailbox: t.Watches.MailboxId("ann@corp.example")));
                var settings = new SubscriptionSettings
                {
                    Lease = TimeSpan.FromDays(4),
                    LeaseEndsAt = Now.AddHours(1),
                    DemandsAcknowledgement = true,
                    Awaited = new AwaitedAcknowledgement(1, 1, isMailed ? Now : null),
                };
                settings.Save(t, t.Subscriptions.Find(id)!);
                return true;
            },
            CancellationToken.None);
        byte[] key = store.Read(t => t.Identity.SigningKey);
        var composer = new NotificationComposer(
            new WatermarkCodec(Guid.NewGuid()), new SubscriptionTokens(key), new OwnMessageIds(key, new IdSource(RandomNumberGenerator.Create())));
        var clock = new SubscriptionClock(store, composer, NullLogger<SubscriptionClock>.Instance);

        await clock.RunAsync(Now, [], CancellationToken.None);

        Assert.True(Now.AddSeconds(seconds) == clock.NextLook, why);
    }
}
