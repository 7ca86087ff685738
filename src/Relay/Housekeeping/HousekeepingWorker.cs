using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Exchange;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Housekeeping;

/// <summary>
/// Once an hour: ends pull and streaming subscriptions whose owner is silent, lets go of mailboxes that nobody asks for any more, and removes what has aged: settled mails and the journal after 7 days,
/// which is longer than any mail server tries; events as <see cref="RetentionOptions"/> says, and ended subscriptions with them.
/// </summary>
internal sealed class HousekeepingWorker(IStore store, IExchange exchange, EventRetention events, RetentionOptions options, TimeProvider time, ILogger<HousekeepingWorker> logger)
    : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan LookAtBound = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MailsKept = TimeSpan.FromDays(7);

    /// <summary>One round; a test need not wait an hour for it.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await EndExpiredAsync(now, cancellationToken);
        int removed = await PurgeAsync(t => t.Spool.Purge(now - MailsKept, AtOnce), cancellationToken)
            + await PurgeAsync(t => t.Outbox.Purge(now - MailsKept, AtOnce), cancellationToken)
            + await PurgeAsync(t => t.Journal.Purge(now - MailsKept, AtOnce), cancellationToken)
            + await PurgeAsync(t => t.Handled.Purge(now - MailsKept, AtOnce), cancellationToken)
            + await PurgeAsync(t => t.OperatorActions.Purge(now - options.EventsKept, AtOnce), cancellationToken)
            + await PurgeAsync(t => t.Confirmations.Purge(now - MailsKept, AtOnce), cancellationToken)
            + await events.RunAsync(now, cancellationToken)
            + await PurgeAsync(t => t.Subscriptions.Purge(now - options.EventsKept, AtOnce), cancellationToken);
        await EndHeldBackAsync(now, cancellationToken);
        await UnwatchAsync(cancellationToken); // last: Exchange may take its time, and the bounds of the store are to be kept meanwhile
        if (removed > 0)
        {
            HousekeepingLog.Removed(logger, removed);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await RoundAsync(stoppingToken);
                await WaitAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                HousekeepingLog.Failed(logger, exception);
                await Task.Delay(LookAtBound, time, stoppingToken);
            }
        }
    }

    // The bound of the log is one on the disk: an hour of events could be many.
    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        for (var passed = TimeSpan.Zero; passed < Interval; passed += LookAtBound)
        {
            await Task.Delay(LookAtBound, time, stoppingToken);
            if (events.IsOver)
            {
                return;
            }
        }
    }

    // Judged in the transaction that ends them: a request may have come since.
    private Task EndExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        EndAsync(t => t.Subscriptions.Idle(now, AtOnce), EndReasons.Silent, tellOwner: false, now, cancellationToken);

    // What a paused or suspended subscription should still be told is gone with the log.
    private Task EndHeldBackAsync(DateTimeOffset now, CancellationToken cancellationToken) => EndAsync(
        t => t.Subscriptions.HeldBackSince(now - options.EventsKept, AtOnce), EndReasons.HeldTooLong, tellOwner: true, now, cancellationToken);

    private async Task EndAsync(
        Func<IStoreTransaction, IReadOnlyList<Subscription>> find, string reason, bool tellOwner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<Subscription> ended;
        do
        {
            ended = await store.CommitAsync(
                t =>
                {
                    var found = find(t);
                    foreach (var subscription in found)
                    {
                        t.Subscriptions.End(subscription.Id, reason, now, tellOwner);
                        t.Outbox.DropOfSubscription(subscription.Id);
                    }

                    return found;
                },
                cancellationToken);
            foreach (var subscription in ended)
            {
                store.Bells.Subscriptions.Ring(subscription.Id);
                HousekeepingLog.Ended(logger, subscription.PublicId, reason);
            }
        }
        while (ended.Count == AtOnce);
    }

    private async Task UnwatchAsync(CancellationToken cancellationToken)
    {
        var idle = store.Read(t =>
        {
            var asked = t.Subscriptions.Mailboxes();
            return t.Watches.AllMailboxes()
                .Where(mailbox => !asked.Contains(mailbox.Id) && t.Watches.Folders(mailbox.Id).Count > 0)
                .Select(mailbox => mailbox.Address)
                .ToList();
        });
        foreach (string mailbox in idle)
        {
            if (await exchange.UnwatchAsync(mailbox, cancellationToken))
            {
                HousekeepingLog.LetGo(logger, mailbox);
            }
        }
    }

    private Task<int> PurgeAsync(Func<IStoreTransaction, int> purge, CancellationToken cancellationToken) =>
        Repeated.Async(store, purge, AtOnce, cancellationToken);
}
