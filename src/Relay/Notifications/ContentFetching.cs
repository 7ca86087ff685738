using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Notifications;

/// <summary>
/// Fetches what notifications tell of items, beside the worker: no subscription waits for another's. A notification waits for a quarter of a minute at most; then it is
/// told without, and says so. What is fetched is not stored: after a restart it is fetched again. Used by one worker, fetching on threads of its own.
/// </summary>
internal sealed class ContentFetching(INotifiedItems items, IStore store, TimeProvider time, ILogger<ContentFetching> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly HashSet<long> _underWay = [];
    private readonly ConcurrentQueue<Due> _ready = new();

    public bool IsFetching(long subscription) => _underWay.Contains(subscription);

    public void Start(Due due, CancellationToken cancellationToken)
    {
        if (_underWay.Add(due.Subscription.Id))
        {
            _ = Task.Run(() => FetchAsync(due, cancellationToken), CancellationToken.None);
        }
    }

    /// <summary>What has been fetched, or given up, since the last call.</summary>
    public List<Due> TakeReady()
    {
        var ready = new List<Due>();
        while (_ready.TryDequeue(out var due))
        {
            _underWay.Remove(due.Subscription.Id);
            ready.Add(due);
        }

        return ready;
    }

    private async Task FetchAsync(Due due, CancellationToken cancellationToken)
    {
        var told = due with { Items = new Dictionary<string, NotifiedItem>() };
        try
        {
            told = due.With(await FetchInTimeAsync(due, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // the relay stops: nothing is late, and nothing is to be told without its content
        }
        catch (OperationCanceledException)
        {
            NotificationLog.ContentLate(logger, due.Subscription.PublicId);
        }
        catch (Exception exception)
        {
            NotificationLog.ContentFailed(logger, due.Subscription.PublicId, exception);
        }

        _ready.Enqueue(told);
        store.Bells.Events.Ring();
    }

    private async Task<IReadOnlyDictionary<string, NotifiedItem>> FetchInTimeAsync(Due due, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestWait, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        int largest = due.Wishes.Content == Wire.Ews.DeliveryContent.Items ? due.Wishes.Largest() : 0;
        return await items.FetchAsync(due.Mailbox, ItemHeader.ItemsOf(due.Page.Events), largest, both.Token);
    }
}
