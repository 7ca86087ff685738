using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Access;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Housekeeping;

/// <summary>
/// Before anything is mailed: ends the subscriptions to which the settings give no right any more, and tells their owners. A right is an Access
/// entry of the same name that still covers the owner's address, the mailbox and the address of the notifications. Those whose entry does not name GetItem any more are
/// told no content.
/// </summary>
internal sealed class AccessReview(IStore store, AccessOptions access, TimeProvider time, ILogger<AccessReview> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var lost = store.Read(transaction => transaction.Subscriptions.Rights()).Where(right => !access.Gives(right)).ToList();
        foreach (var right in lost)
        {
            if (access.RenamedOwner(right) is { } owner)
            {
                int renamed = await store.CommitAsync(transaction => transaction.Subscriptions.GiveTo(right, owner), cancellationToken);
                HousekeepingLog.Renamed(logger, renamed, right.Principal, owner);
                continue;
            }

            int ended = await store.CommitAsync(transaction => End(transaction, right, time.GetUtcNow()), cancellationToken);
            HousekeepingLog.RightLost(logger, ended, right.Principal, right.Mailbox);
        }

        await store.CommitAsync(TakeContent, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Events go on being told; what the items hold does not.
    private int TakeContent(IStoreTransaction transaction)
    {
        int taken = 0;
        foreach (var subscription in transaction.Subscriptions.Active().Where(one => one.Settings is not null && !access.GivesContent(one.Principal)))
        {
            if (SubscriptionSettings.TryOf(subscription) is { Delivery: { Content: not null } wishes } settings)
            {
                (settings with { Delivery = wishes with { Content = null } }).Save(transaction, subscription);
                taken++;
            }
        }

        return taken;
    }

    private static int End(IStoreTransaction transaction, SubscriptionRight right, DateTimeOffset now)
    {
        var ids = transaction.Subscriptions.With(right);
        foreach (long id in ids)
        {
            transaction.Subscriptions.End(id, EndReasons.AccessRemoved, now, tellOwner: true);
            transaction.Outbox.DropOfSubscription(id);
        }

        return ids.Count;
    }
}
