using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using Relay.ExchangeSimulator.Faults;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.ExchangeSimulator.Operations;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Subscriptions;

/// <summary>Serves each push subscription with a task of its own, from its Subscribe to its end.</summary>
/// <remarks>
/// 1 a status notification goes out at once, so the listener must be up before it subscribes; 2 events follow as they come, one request at
/// a time, back to back while there are more; 3 after StatusFrequency minutes without events, a status again; 4 a listener that does not
/// answer is tried on the schedule and then given up without a word.
/// </remarks>
internal sealed class PushSender(
    SimulatedDatabase database,
    SubscriptionTable subscriptions,
    ExchangeSimulatorOptions options,
    PushClient client,
    FaultPlan faults,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopping)
{
    private readonly ConcurrentDictionary<SimulatedSubscription, Task> _running = new();

    public void Start(SimulatedSubscription subscription) => _running[subscription] = Task.Run(() => RunAsync(subscription), stopping);

    /// <summary>Completes when no task runs any more; they end with the server.</summary>
    public async Task CompleteAsync()
    {
        try
        {
            await Task.WhenAll(_running.Values);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Tasks that had not begun.
        }
    }

    private async Task RunAsync(SimulatedSubscription subscription)
    {
        var inbox = new StreamInbox();
        Listen(subscription, inbox, true);
        try
        {
            XElement? next = First(subscription);
            while (next is not null && await DeliverAsync(subscription, inbox, next))
            {
                next = await WaitAsync(subscription, inbox);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops; its subscriptions go with it.
        }
        finally
        {
            Listen(subscription, inbox, false);
            _running.TryRemove(subscription, out _);
        }
    }

    private void Listen(SimulatedSubscription subscription, StreamInbox inbox, bool on)
    {
        lock (database.Gate)
        {
            subscription.Mailbox.EventLogged -= inbox.Ring;
            if (on)
            {
                subscription.Mailbox.EventLogged += inbox.Ring;
            }
        }
    }

    /// <summary>Waits for events, or until a status is due; null when the subscription has ended.</summary>
    private async Task<XElement?> WaitAsync(SimulatedSubscription subscription, StreamInbox inbox)
    {
        var due = time.GetUtcNow() + (options.Minute * (subscription.Request.StatusFrequencyMinutes ?? 1));
        while (true)
        {
            lock (database.Gate)
            {
                if (!subscriptions.Holds(subscription))
                {
                    return null;
                }
            }

            var now = time.GetUtcNow();
            if (Next(subscription, evenIfEmpty: now >= due) is { } next)
            {
                return next;
            }

            await inbox.WaitAsync(due - now, time, stopping);
        }
    }

    /// <summary>The status that tells the listener of its subscription; events before it are still to come.</summary>
    private XElement First(SimulatedSubscription subscription)
    {
        lock (database.Gate)
        {
            var watermark = options.Dialect.NoWatermarks ? null : Watermark.Format(database.Id, subscription.LastTold);
            return ResponseFrame.Written(writer => EwsResponseWriter.SendNotification(
                writer, new EwsNotification(subscription.Id, watermark, false, [MailboxEvent.Status(watermark)])));
        }
    }

    private XElement? Next(SimulatedSubscription subscription, bool evenIfEmpty)
    {
        lock (database.Gate)
        {
            if (subscription.HasMissedEvents)
            {
                subscriptions.Remove(subscription, EwsErrors.ReadEventsFailed);
                return ResponseFrame.Written(writer =>
                    EwsResponseWriter.SendNotificationError(writer, EwsErrors.ReadEventsFailed, subscription.Id));
            }

            var (before, told) = (subscription.Cursor, subscription.LastTold);
            var notification = NotificationMaker.Take(database.Id, subscription, options.Dialect.NoWatermarks);
            if (!evenIfEmpty && notification.Events[0].Type == MailboxEventType.Status)
            {
                // Not told, so the chain of watermarks must not move either.
                subscription.MoveTo(before);
                subscription.Tell(told);
                return null;
            }

            return ResponseFrame.Written(writer => EwsResponseWriter.SendNotification(writer, notification));
        }
    }

    /// <summary>Sends one notification, with the faults on order; false when the subscription has ended.</summary>
    private async Task<bool> DeliverAsync(SimulatedSubscription subscription, StreamInbox inbox, XElement notification)
    {
        if (faults.Take(SimulatorFault.PushLost) is not null)
        {
            return true;
        }

        if (faults.Take(SimulatorFault.PushReorder) is not null && await WaitAsync(subscription, inbox) is { } later)
        {
            return await TryAsync(subscription, later) && await TryAsync(subscription, notification);
        }

        // Taken before the first is sent: an order that comes while it is under way is for the next.
        var times = faults.Take(SimulatorFault.PushDuplicate) is null ? 1 : 2;
        var goesOn = true;
        for (var i = 0; i < times && goesOn; i++)
        {
            goesOn = await TryAsync(subscription, notification);
        }

        return goesOn;
    }

    private async Task<bool> TryAsync(SimulatedSubscription subscription, XElement notification)
    {
        var first = time.GetUtcNow();
        var outcome = await client.SendAsync(subscription.Request.Url!, notification, subscription.ServerVersion, stopping);
        foreach (var minutes in PushSchedule.Retries(subscription.Request.StatusFrequencyMinutes ?? 1))
        {
            if (outcome != PushOutcome.Failed)
            {
                break;
            }

            var wait = first + (options.Minute * minutes) - time.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, stopping);
            outcome = await client.SendAsync(subscription.Request.Url!, notification, subscription.ServerVersion, stopping);
        }

        lock (database.Gate)
        {
            subscription.Use(database.Now);
            if (outcome == PushOutcome.Accepted)
            {
                return subscriptions.Holds(subscription);
            }

            subscriptions.Remove(subscription, EwsErrors.SubscriptionUnsubscribed);
        }

        SimulatorLog.PushEnded(logger, outcome);
        return false;
    }
}
