using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Bounces;

/// <summary>
/// Looks after suspended subscriptions: 1 finds those about which something is due; 2 in a transaction each, sends a probe, or lets it go on
/// since its probe did not come back, or ends it with a notice; 3 waits.
/// </summary>
internal sealed class SuspensionWorker(
    IStore store, BounceOptions options, BounceBook book, LifecycleComposer composer, TimeProvider time, ILogger<SuspensionWorker> logger)
    : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(30);

    /// <summary>One round; a test need not wait for it. Returns how many subscriptions were looked at.</summary>
    public async Task<int> RoundAsync(CancellationToken cancellationToken)
    {
        var due = store.Read(transaction => transaction.Bounces.Due(time.GetUtcNow(), AtOnce)); // 1
        foreach (var record in due)
        {
            string step = await store.CommitAsync(transaction => Step(transaction, record.SubscriptionId), cancellationToken); // 2
            store.Bells.Subscriptions.Ring(record.SubscriptionId);
            BounceLog.Stepped(logger, record.SubscriptionId, step);
        }

        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                while (await RoundAsync(stoppingToken) == AtOnce)
                {
                }
            }
            catch (StoreUnavailableException exception)
            {
                BounceLog.StoreUnavailable(logger, exception.Fault, exception);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                BounceLog.Failed(logger, exception);
            }

            await Task.Delay(Interval(), time, stoppingToken); // 3
        }
    }

    // Short settings are those of a trial.
    private TimeSpan Interval()
    {
        var shortest = new[] { options.ProbeAfter, options.ProbeSilence, options.EndAfter, LongestInterval }.Min() / 2;
        return shortest < TimeSpan.FromSeconds(0.5) ? TimeSpan.FromSeconds(0.5) : shortest;
    }

    private string Step(IStoreTransaction transaction, long id)
    {
        var now = time.GetUtcNow();
        var found = transaction.Subscriptions.Find(id); // first, since that holds off other relays
        if (transaction.Bounces.Find(id) is not { NextAt: { } due } record || due > now)
        {
            return "nothing is due any more";
        }

        if (found is not { State: SubscriptionState.Suspended } subscription || record.SuspendedAt is null)
        {
            return Forget(transaction, found, record, now);
        }

        if (record.ProbeId is { } probe)
        {
            return AwaitProbe(transaction, record, probe, now);
        }

        return now >= book.EndsAt(record, now) ? End(transaction, subscription, record, now) : SendProbe(transaction, subscription, record, now);
    }

    // Ended, quiet for long, or let go on by its owner: what was sent before that may still be reported.
    private string Forget(IStoreTransaction transaction, Subscription? subscription, BounceRecord record, DateTimeOffset now)
    {
        if (subscription is not (null or { State: SubscriptionState.Ended }) && book.ForgottenAt(record.LastAt) is var at && at > now)
        {
            transaction.Bounces.Save(record with { ProbeId = null, NextAt = at });
            return "its owner let it go on";
        }

        transaction.Bounces.Remove(record.SubscriptionId);
        return "its reports are forgotten";
    }

    private string AwaitProbe(IStoreTransaction transaction, BounceRecord record, string probe, DateTimeOffset now)
    {
        switch (transaction.Outbox.FindByMessageId(probe))
        {
            case { State: OutboxState.Waiting or OutboxState.Claimed }:
                transaction.Bounces.Save(record with { NextAt = now + options.ProbeSilence });
                return "its probe is not sent yet";
            case { State: OutboxState.Delivered } sent:
                // The silence counts from when the smarthost took it, which may be long after it was made.
                if (transaction.Outbox.Trail(sent.Id)?.SettledAt + options.ProbeSilence is { } until && until > now)
                {
                    transaction.Bounces.Save(record with { NextAt = until });
                    return "its probe may still come back";
                }

                book.Resume(transaction, record, now);
                return "its probe did not come back: it goes on";
            default:
                // Dropped or given up: one that was never sent proves nothing.
                transaction.Bounces.Save(record with { ProbeId = null, NextAt = book.NextProbe(record, now) });
                return "its probe was not sent";
        }
    }

    private string SendProbe(IStoreTransaction transaction, Subscription subscription, BounceRecord record, DateTimeOffset now)
    {
        if (composer.Probe(subscription, record.Reason, now) is not { } probe)
        {
            return End(transaction, subscription, record, now);
        }

        transaction.Outbox.Add(probe);
        transaction.Bounces.Save(record with { ProbeId = probe.MessageId, Probes = record.Probes + 1, NextAt = now + options.ProbeSilence });
        return "probed";
    }

    private static string End(IStoreTransaction transaction, Subscription subscription, BounceRecord record, DateTimeOffset now)
    {
        transaction.Subscriptions.End(subscription.Id, EndReasons.BouncedWith(record.Reason), now, tellOwner: true);
        transaction.Outbox.DropOfSubscription(subscription.Id);
        transaction.Bounces.Remove(subscription.Id);
        return "ended";
    }
}
