using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Operator;

/// <summary>
/// Hears what the operator did from another process: 1 reads the actions that are new, 2 rings for the subscriptions they touched, whose
/// state in memory may be wrong now, 3 waits a second. Mails need no ringing: whoever claims them looks every second.
/// </summary>
internal sealed class OperatorActionWorker(IStore store, TimeProvider time, ILogger<OperatorActionWorker> logger) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? seen = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                seen = seen is { } last ? Hear(last) : store.Read(transaction => transaction.OperatorActions.LastId()); // 1, 2
            }
            catch (StoreUnavailableException exception)
            {
                OperatorLog.StoreUnavailable(logger, exception.Fault, exception);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // 3
        }
    }

    private long Hear(long seen)
    {
        foreach (var action in store.Read(transaction => transaction.OperatorActions.After(seen, AtOnce)))
        {
            OperatorLog.Acted(logger, action.Action, Subject(action));
            if (action.SubscriptionId is { } subscription)
            {
                store.Bells.Subscriptions.Ring(subscription);
            }

            seen = action.Id;
        }

        return seen;
    }

    private static string Subject(OperatorAction action) => action switch
    {
        { SpoolId: { } spool } => new QueueId(true, spool).ToString(),
        { OutboxId: { } outbox } => new QueueId(false, outbox).ToString(),
        _ => $"subscription {action.SubscriptionId}",
    };
}
