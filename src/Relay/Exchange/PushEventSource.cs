using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Exchange;

/// <summary>
/// Exchange calls the relay (<see cref="PushListener"/>), which must be reachable at <see cref="ExchangeOptions.PushUrl"/>. A server that has
/// not called for two StatusFrequencies has given the subscription up.
/// </summary>
internal sealed class PushEventSource(
    MailboxPreparer preparer, PushListener listener, IStore store, ExchangeOptions options, TimeProvider time, Random chance,
    ILogger<PushEventSource> log) : EventSource(preparer, store, options, time, chance, log)
{
    private readonly MailboxPreparer _preparer = preparer;
    private readonly ExchangeOptions _options = options;
    private readonly TimeProvider _time = time;

    protected override async Task RunAsync(WatchGroup group, CancellationToken cancellationToken)
    {
        listener.Serve(group);
        var silence = 2 * _options.PushStatusMinutes * _options.Minute;
        List<Task> working = [];
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var now = _time.GetUtcNow();
                foreach (var silent in group.SilentSince(now - silence))
                {
                    log.StreamBroke(silent.Value.Address, $"Exchange has not called for {silence}.");
                    group.Distrust([silent]);
                }

                working.RemoveAll(task => task.IsCompleted);
                working.AddRange(group.Schedule.TakeDue(now).Select(mailbox => _preparer.PrepareAsync(group, mailbox, cancellationToken)));
                await group.Changed.WaitAsync(group.Schedule.UntilNext(now, now + (silence / 4)), _time, cancellationToken);
            }
        }
        finally
        {
            listener.Leave(group);
            await Task.WhenAll(working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
