using Microsoft.Extensions.Logging;

namespace Relay.Exchange;

/// <summary>
/// Runs one group of mailboxes on one stream. Each turn, at a change or when a wait is over:
/// <list type="number">
/// <item>Looks how the stream ended, if it did: only after an orderly end do its subscriptions stay in use.</item>
/// <item>Sends for what mailboxes need (<see cref="MailboxPreparer"/>), each by itself.</item>
/// <item>Opens a stream when none is open, or when the mailboxes that are ready have changed; the old one is read to its end first.</item>
/// </list>
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "RunAsync closes the stream before it returns.")]
internal sealed class StreamGroup(
    WatchGroup group, EwsClient ews, MailboxPreparer preparer, EventWriter writer, ExchangeOptions options, TimeProvider time, Random chance,
    ILogger log)
{
    /// <summary>How long a server may take to end a stream that a newer one replaces.</summary>
    private static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(5);

    /// <summary>A stream that lived as long before it broke was no failed attempt.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    /// <summary>The same for one that was closed in order: only a server that closes at once is not to be asked again at once.</summary>
    private static readonly TimeSpan LongEnoughIfClosed = TimeSpan.FromMilliseconds(500);

    private readonly Backoff _backoff = new(options.FirstRetry, options.LastRetry, chance);
    private readonly List<Task> _preparing = [];
    private StreamSession? _stream;
    private DateTimeOffset _opened;
    private DateTimeOffset _notBefore;
    private int _refusals;

    /// <summary>Runs until cancelled; then everything it started has ended.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await TurnAsync(cancellationToken);
                await group.Changed.WaitAsync(group.Schedule.UntilNext(time.GetUtcNow(), _notBefore), time, cancellationToken);
            }
        }
        finally
        {
            await CloseAsync();
            await Task.WhenAll(_preparing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TurnAsync(CancellationToken cancellationToken)
    {
        // 1
        if (_stream is { Ended.IsCompleted: true })
        {
            await SettleStreamAsync();
        }

        // 2
        _preparing.RemoveAll(task => task.IsCompleted);
        foreach (var mailbox in group.Schedule.TakeDue(time.GetUtcNow()))
        {
            _preparing.Add(preparer.PrepareAsync(group, mailbox, cancellationToken));
        }

        // 3
        var ready = group.Ready();
        if (ready.Count == 0)
        {
            await CloseAsync();
        }
        else if (time.GetUtcNow() >= _notBefore && !(_stream?.Subscriptions.Keys.ToHashSet().SetEquals(ready.Keys) ?? false))
        {
            await OpenAsync(ready, cancellationToken);
        }
    }

    private async Task OpenAsync(Dictionary<string, MailboxWatch> ready, CancellationToken cancellationToken)
    {
        // The renewals of groups that began together spread out by themselves.
        var minutes = Math.Max(1, options.ConnectionMinutes - chance.Next((options.ConnectionMinutes / 4) + 1));
        switch (await ews.OpenStreamAsync([.. ready.Keys], minutes, group.Affinity, cancellationToken))
        {
            case EwsReply<EventStream>.Success { Value: var stream }:
                _refusals = 0;
                await HandOverAsync(cancellationToken);
                log.StreamOpened(ready.Count, group.Affinity.Anchor, minutes);
                _opened = time.GetUtcNow();
                _stream = new StreamSession(stream, ready, group, writer, options.SilenceLimit, time, log, cancellationToken);
                _stream.Start();
                break;
            case EwsReply<EventStream>.Refused { Error: var error }:
                Wait($"Exchange answered {error.ResponseCode}: {error.MessageText}");
                HeedRefusal(error.ResponseCode, ready);
                break;
            case EwsReply<EventStream>.NoAnswer none:
                // The stream may have been opened, and events told into it.
                Wait(none.Reason);
                group.Distrust(ready);
                break;
        }
    }

    private void HeedRefusal(string code, Dictionary<string, MailboxWatch> ready)
    {
        if (EwsErrorKinds.IsDeadSubscription(code))
        {
            group.Affinity.Forget();
            group.Distrust(ready);
        }
        else if (++_refusals == WatchGroup.MostRefusals)
        {
            // Those that an older stream still serves lack nothing.
            _refusals = 0;
            group.Distrust(ready.Where(subscription => _stream?.Subscriptions.ContainsKey(subscription.Key) != true));
        }
        else if (!EwsErrorKinds.IsPassing(code))
        {
            group.MoveAnchor();
        }
    }

    /// <summary>Reads the old stream to its end: the server ends it because of the new one, after all that it had to tell there.</summary>
    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        if (_stream is null)
        {
            return;
        }

        try
        {
            await _stream.Ended.WaitAsync(HandOverTime, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            group.Distrust(_stream.Subscriptions);
        }

        if (_stream.Ended is { IsCompletedSuccessfully: true, Result: StreamEnd.Broken })
        {
            group.Distrust(_stream.Subscriptions);
        }

        await CloseAsync();
    }

    private async Task SettleStreamAsync()
    {
        var stream = _stream!;
        var end = await stream.Ended;
        if (end != StreamEnd.Closed)
        {
            group.Distrust(stream.Subscriptions);
        }

        if (time.GetUtcNow() - _opened < (end == StreamEnd.Closed ? LongEnoughIfClosed : LongEnough))
        {
            _notBefore = time.GetUtcNow() + _backoff.Next();
        }
        else
        {
            _backoff.Reset();
        }

        await CloseAsync();
    }

    private async Task CloseAsync()
    {
        if (_stream is { } stream)
        {
            _stream = null;
            await stream.DisposeAsync();
        }
    }

    private void Wait(string reason)
    {
        var wait = _backoff.Next();
        _notBefore = time.GetUtcNow() + wait;
        log.StreamRefused(group.Affinity.Anchor, reason, wait);
    }
}
