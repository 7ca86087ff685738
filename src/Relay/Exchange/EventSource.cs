using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Exchange;

/// <summary>
/// What the three sources share: which mailboxes are watched, in which groups, and what becomes of their EWS subscriptions at the start and
/// at the end. Exchange need not be there at the start, nor all the time.
/// </summary>
internal abstract class EventSource(
    MailboxPreparer preparer, IStore store, ExchangeOptions options, TimeProvider time, Random chance, ILogger log)
    : BackgroundService, IEventSource
{
    /// <summary>How long ending all subscriptions may take at shutdown; what is not ended then, the next start ends.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<WatchGroup> _groups = [];
    private readonly List<Task> _running = [];
    private CancellationToken? _stop;

    public void Watch(long mailboxId, string address)
    {
        lock (_gate)
        {
            // Before the start and after the stop the store alone knows it, and that is enough.
            if (_stop is { IsCancellationRequested: false } && !_groups.Exists(group => group.Has(mailboxId)))
            {
                Join(new MailboxWatch(mailboxId, address, null, NewBackoff()));
            }
        }
    }

    public Task PreparedAsync(long mailboxId)
    {
        lock (_gate)
        {
            var member = _groups.SelectMany(group => group.Members()).FirstOrDefault(candidate => candidate.MailboxId == mailboxId);
            return member?.FirstReady ?? Task.CompletedTask;
        }
    }

    public (int Watched, int Live) Count()
    {
        lock (_gate)
        {
            var members = _groups.SelectMany(group => group.Members()).ToList();
            return (members.Count, members.Count(member => member.IsReady));
        }
    }

    public async Task UnwatchAsync(long mailboxId, CancellationToken cancellationToken)
    {
        WatchGroup? group;
        lock (_gate)
        {
            group = _groups.Find(candidate => candidate.Has(mailboxId));
        }

        if (group?.Remove(mailboxId) is { } removed)
        {
            await preparer.EndAsync(removed, group.Affinity, cancellationToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var farewell = new CancellationTokenSource(FarewellTime, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(farewell.Token, cancellationToken);
        var ends = _groups.SelectMany(group => group.Members().Select(member => preparer.EndAsync(member, group.Affinity, both.Token)));
        await Task.WhenAll(ends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Brings the events of one group until cancelled.</summary>
    protected abstract Task RunAsync(WatchGroup group, CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lock (_gate)
        {
            _stop = stoppingToken;
        }

        await TakeUpAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it throws only when stopped
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(Running()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static List<WatchedMailbox> Watched(IStoreTransaction transaction) =>
        [.. transaction.Watches.AllMailboxes().Where(mailbox => transaction.Watches.Folders(mailbox.Id).Count > 0)];

    private static List<WatchedMailbox> LeftOver(IStoreTransaction transaction) =>
        [.. transaction.Watches.AllMailboxes()
            .Where(mailbox => mailbox.UpstreamSubscription is not null && transaction.Watches.Folders(mailbox.Id).Count == 0)];

    /// <summary>Takes up what the store holds. A store that fails is asked again: nobody else would watch these mailboxes.</summary>
    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        var backoff = NewBackoff();
        while (true)
        {
            try
            {
                JoinWatched();
                await EndLeftoversAsync(cancellationToken);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                var wait = backoff.Next();
                log.StartFailed(wait, failure);
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    private void JoinWatched()
    {
        lock (_gate)
        {
            foreach (var mailbox in store.Read(Watched).Where(mailbox => !_groups.Exists(group => group.Has(mailbox.Id))))
            {
                Join(new MailboxWatch(mailbox.Id, mailbox.Address, mailbox.UpstreamSubscription, NewBackoff()));
            }
        }
    }

    private List<Task> Running()
    {
        lock (_gate)
        {
            return [.. _running];
        }
    }

    /// <summary>Mailboxes that nobody watches any more and whose subscription could not be ended when that was so.</summary>
    private async Task EndLeftoversAsync(CancellationToken cancellationToken)
    {
        foreach (var mailbox in store.Read(LeftOver))
        {
            var leftover = new MailboxWatch(mailbox.Id, mailbox.Address, mailbox.UpstreamSubscription, NewBackoff());
            await preparer.EndAsync(leftover, new Affinity(mailbox.Address), cancellationToken);
        }
    }

    private void Join(MailboxWatch mailbox)
    {
        if (_groups.Exists(group => group.TryAdd(mailbox)))
        {
            return;
        }

        var group = new WatchGroup(mailbox.Address, options);
        group.TryAdd(mailbox);
        _groups.Add(group);
        _running.Add(GuardAsync(group, _stop!.Value));
    }

    /// <summary>What nobody foresaw ends a turn, not the group, a cancellation that is not ours among it: its mailboxes are prepared anew.</summary>
    private async Task GuardAsync(WatchGroup group, CancellationToken cancellationToken)
    {
        var backoff = NewBackoff();
        while (true)
        {
            try
            {
                await RunAsync(group, cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                var wait = backoff.Next();
                log.GroupFailed(group.Affinity.Anchor, wait, failure);
                group.DistrustAll();
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    private Backoff NewBackoff() => new(options.FirstRetry, options.LastRetry, chance);
}
