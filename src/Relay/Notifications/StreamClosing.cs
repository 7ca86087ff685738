using Microsoft.Extensions.Logging;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Notifications;

/// <summary>
/// Closes streams: when their time is over with <c>Closed</c>, before it with the error that Exchange gives and Closed. The last answer waits
/// until the mails before it are settled, so that it is the last.
/// </summary>
internal sealed class StreamClosing(IStore store, OwnMessageIds ids, ILogger<StreamClosing> logger)
{
    /// <summary>When the next stream is to be closed, as far as is known; null when none is open, or a mail is waited for.</summary>
    public DateTimeOffset? NextEnd { get; private set; }

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ready = store.Read(transaction =>
        {
            var ending = transaction.Streams.Ending(now);
            NextEnd = ending.Count == 0 ? transaction.Streams.NextEnd() : null;
            return ending.Where(stream => !HasMailUnderWay(transaction, stream)).Select(stream => stream.Id).ToList();
        });
        if (ready.Count == 0)
        {
            return;
        }

        var closed = await store.CommitAsync(
            transaction => ready.Select(transaction.Streams.Find).OfType<OpenStream>().Where(stream => Close(transaction, stream, now)).ToList(),
            cancellationToken);
        foreach (var stream in closed)
        {
            NotificationLog.StreamClosed(logger, stream.Id, stream.EndReason);
            foreach (long subscription in stream.Subscriptions)
            {
                store.Bells.Subscriptions.Ring(subscription);
            }
        }
    }

    private static bool HasMailUnderWay(IStoreTransaction transaction, OpenStream stream) =>
        stream.Subscriptions.Any(transaction.Outbox.HasMailUnderWay)
        || (stream.EndSubscription is { } about && transaction.Outbox.HasMailUnderWay(about));

    private bool Close(IStoreTransaction transaction, OpenStream stream, DateTimeOffset now)
    {
        // Held first, so that no other relay mails one more answer behind the last.
        foreach (long subscription in stream.Subscriptions)
        {
            transaction.Subscriptions.Find(subscription);
        }

        if (HasMailUnderWay(transaction, stream) || !transaction.Streams.Remove(stream.Id))
        {
            return false;
        }

        foreach (long subscription in stream.Subscriptions)
        {
            transaction.Subscriptions.Touch(subscription, now); // from here on it counts as not streamed
        }

        string? about = stream.EndSubscription is { } id ? transaction.Subscriptions.Find(id)?.PublicId : null;
        transaction.Outbox.Add(LastAnswer(stream, about, now));
        return true;
    }

    private NewOutboxMail LastAnswer(OpenStream stream, string? about, DateTimeOffset now)
    {
        var frame = ReplyFrame.Of(stream.Frame);
        string messageId = ids.NewAnswer(StoredAddress.Read(frame.From).Domain);
        byte[] mail = frame.Compose(messageId, now, [], writer =>
        {
            if (ErrorOf(stream.EndReason) is { } error)
            {
                EwsResponseWriter.StreamingError(writer, error, about is null ? [] : [about]);
                return;
            }

            EwsResponseWriter.StreamingStatus(writer, ConnectionStatus.Closed);
        });
        return new NewOutboxMail(OutboxKind.Answer, null, frame.To, messageId, mail, null, null, now);
    }

    private static EwsError? ErrorOf(StreamEndReason reason) => reason switch
    {
        StreamEndReason.TimeIsOver => null,
        StreamEndReason.TakenOver => EwsErrors.NewEventStreamConnectionOpened,
        StreamEndReason.SubscriptionEnded => EwsErrors.SubscriptionUnsubscribed,
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
