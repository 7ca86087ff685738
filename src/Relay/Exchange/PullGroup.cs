using Microsoft.Extensions.Logging;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Runs one group of mailboxes by GetEvents. Each turn, at a change or when something is due:
/// <list type="number">
/// <item>Sends for what mailboxes need (<see cref="MailboxPreparer"/>), each by itself.</item>
/// <item>Asks those that are ready and due for their events, each by itself.</item>
/// </list>
/// An answer that got lost took its events along, as they have left the server's queue: only a new subscription and catching up help then.
/// </summary>
internal sealed class PullGroup(
    WatchGroup group, EwsClient ews, MailboxPreparer preparer, EventWriter writer, ExchangeOptions options, TimeProvider time, ILogger log)
{
    /// <summary>What a server without watermarks is given, since the schema wants some text.</summary>
    private const string NoWatermark = "AAAA";

    private readonly List<Task> _working = [];

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var now = time.GetUtcNow();
                _working.RemoveAll(task => task.IsCompleted);

                // 1
                _working.AddRange(group.Schedule.TakeDue(now).Select(mailbox => preparer.PrepareAsync(group, mailbox, cancellationToken)));

                // 2
                _working.AddRange(group.Schedule.TakePollable(now).Select(mailbox => PollAsync(mailbox, cancellationToken)));
                await group.Changed.WaitAsync(group.Schedule.UntilNext(now, group.Schedule.NextPoll()), time, cancellationToken);
            }
        }
        finally
        {
            await Task.WhenAll(_working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PollAsync(MailboxWatch mailbox, CancellationToken cancellationToken)
    {
        var subscription = KeyValuePair.Create(mailbox.SubscriptionId!, mailbox);
        var interval = mailbox.PollInterval;
        try
        {
            interval = await AskAsync(subscription, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The store refused: the events of this answer have left the server's queue.
            log.StreamFailed(mailbox.Address, failure);
            group.Distrust([subscription]);
        }
        finally
        {
            group.Schedule.Polled(mailbox, interval, time.GetUtcNow());
        }
    }

    /// <summary>Returns when to ask again.</summary>
    private async Task<TimeSpan> AskAsync(KeyValuePair<string, MailboxWatch> subscription, CancellationToken cancellationToken)
    {
        var mailbox = subscription.Value;
        var asked = time.GetUtcNow();
        switch (await ews.GetEventsAsync(mailbox.Address, subscription.Key, mailbox.Watermark ?? NoWatermark, group.Affinity, cancellationToken))
        {
            case EwsReply<EwsNotification>.Success { Value: var notification }:
                mailbox.Refusals = 0;
                return await TakeAsync(subscription, notification, asked, cancellationToken);
            case EwsReply<EwsNotification>.Refused { Error: var error } when EwsErrorKinds.IsDeadSubscription(error.ResponseCode):
                log.SubscriptionDied(mailbox.Address, error.ResponseCode, 1);
                group.Distrust([subscription]);
                return options.PullFastest;
            case EwsReply<EwsNotification>.Refused { Error: var error }:
                log.StreamBroke(mailbox.Address, $"Exchange answered {error.ResponseCode}: {error.MessageText}");
                if (++mailbox.Refusals == WatchGroup.MostRefusals)
                {
                    mailbox.Refusals = 0;
                    group.Distrust([subscription]);
                }

                return mailbox.Backoff.Next();
            case EwsReply<EwsNotification>.NoAnswer none:
                log.StreamBroke(mailbox.Address, none.Reason);
                group.Distrust([subscription]);
                return options.PullFastest;
            default:
                throw new InvalidOperationException("The three replies are the only ones.");
        }
    }

    private async Task<TimeSpan> TakeAsync(
        KeyValuePair<string, MailboxWatch> subscription, EwsNotification notification, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        var mailbox = subscription.Value;
        var hasMissed = notification.PreviousWatermark is { } previous && mailbox.Watermark is { } last && previous != last;

        var telling = new Telling(mailbox, subscription.Key, notification.Events, hasMissed);
        if ((await writer.AppendAsync(group, [telling], cancellationToken)).Count == 0)
        {
            return options.PullFastest; // replaced meanwhile
        }

        if (hasMissed)
        {
            log.EventsMissed(mailbox.Address);
        }

        if (notification.MoreEvents != true && mailbox.Delivery is { } delivery)
        {
            // The answer was made after the question: whatever was queued then is in it.
            delivery.ToldUpTo = asked;
        }

        mailbox.Watermark = notification.Events.LastOrDefault(item => item.Watermark is not null)?.Watermark ?? mailbox.Watermark;
        return notification.MoreEvents == true ? TimeSpan.Zero : telling.HasEvents ? options.PullFastest : Slower(mailbox.PollInterval);
    }

    private TimeSpan Slower(TimeSpan interval)
    {
        var slower = interval < options.PullFastest ? options.PullFastest : interval * 1.5;
        return slower < options.PullSlowest ? slower : options.PullSlowest;
    }
}
