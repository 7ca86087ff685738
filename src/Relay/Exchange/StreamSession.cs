using Microsoft.Extensions.Logging;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>One open stream and the subscriptions it serves, from its first envelope to its end.</summary>
internal sealed class StreamSession : IAsyncDisposable
{
    private readonly EventStream _stream;
    private readonly WatchGroup _group;
    private readonly EventWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop;
    private readonly TimeSpan _silenceLimit;
    private readonly Delivery _delivery = new();

    internal StreamSession(
        EventStream stream, IReadOnlyDictionary<string, MailboxWatch> subscriptions, WatchGroup group, EventWriter writer, TimeSpan silenceLimit,
        TimeProvider time, ILogger log, CancellationToken shutdown)
    {
        _stream = stream;
        _group = group;
        _writer = writer;
        _silenceLimit = silenceLimit;
        _time = time;
        _log = log;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        Subscriptions = subscriptions;
    }

    internal IReadOnlyDictionary<string, MailboxWatch> Subscriptions { get; }

    /// <summary>Completes with the stream. Set once by <see cref="Start"/>.</summary>
    internal Task<StreamEnd> Ended { get; private set; } = Task.FromResult(StreamEnd.Broken);

    internal void Start()
    {
        _group.Listen(Subscriptions, _delivery);
        Ended = RunAsync(_stop.Token);
        _ = Ended.ContinueWith(_ => _group.Changed.Ring(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stream.DisposeAsync();
        _stop.Dispose();
    }

    private async Task<StreamEnd> RunAsync(CancellationToken cancellationToken)
    {
        // Away from whoever starts it, who has more to do than to read.
        await Task.Yield();
        try
        {
            while (true)
            {
                switch (await _stream.ReadAsync(cancellationToken))
                {
                    case StreamRead.Message { Content: var message }:
                        await AppendAsync(message, cancellationToken);
                        if (Heed(message) is { } end)
                        {
                            return end;
                        }

                        break;
                    case StreamRead.Broken broken:
                        _log.StreamBroke(_group.Affinity.Anchor, broken.Reason);
                        return StreamEnd.Broken;
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The store refused: what was read is lost here and will be caught up with.
            _log.StreamFailed(_group.Affinity.Anchor, failure);
            return StreamEnd.Broken;
        }
    }

    private async Task AppendAsync(EwsStreamMessage message, CancellationToken cancellationToken)
    {
        var missed = message.Problem?.ResponseCode == EwsErrorKinds.MissedEvents ? Concerned(message) : [];
        List<Telling> told = [.. missed.Select(subscription => new Telling(subscription.Value, subscription.Key, [], true))];
        foreach (var notification in message.Notifications)
        {
            if (Subscriptions.TryGetValue(notification.SubscriptionId, out var mailbox)
                && new Telling(mailbox, notification.SubscriptionId, notification.Events, false) is { HasEvents: true } telling)
            {
                told.Add(telling);
            }
        }

        await _writer.AppendAsync(_group, told, cancellationToken);

        // In order, and no connection that lives lags by more than the silence that would end it.
        _delivery.ToldUpTo = _time.GetUtcNow() - _silenceLimit;
    }

    private IEnumerable<KeyValuePair<string, MailboxWatch>> Concerned(EwsStreamMessage message) => message.ErrorSubscriptionIds.Count == 0
        ? Subscriptions
        : Subscriptions.Where(subscription => message.ErrorSubscriptionIds.Contains(subscription.Key));

    /// <summary>Acts on what a message says of the subscriptions and the stream; not null when the stream is over.</summary>
    private StreamEnd? Heed(EwsStreamMessage message)
    {
        var concerned = Concerned(message);
        var isClosed = message.Status == ConnectionStatus.Closed;
        switch (message.Problem?.ResponseCode)
        {
            case null:
                return isClosed ? StreamEnd.Closed : null;
            case EwsErrorKinds.MissedEvents:
                _log.EventsMissed(_group.Affinity.Anchor);
                return isClosed ? StreamEnd.Closed : null;
            case EwsErrorKinds.Superseded:
                return StreamEnd.Superseded;
            case { } code when EwsErrorKinds.IsDeadSubscription(code):
                _log.SubscriptionDied(_group.Affinity.Anchor, code, concerned.Count());
                _group.Distrust(concerned);
                return isClosed ? StreamEnd.Closed : null;
            case { } code:
                _log.StreamBroke(_group.Affinity.Anchor, $"Exchange answered {code}: {message.Problem.MessageText}");
                return StreamEnd.Broken;
        }
    }
}
