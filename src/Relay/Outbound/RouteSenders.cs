namespace Relay.Outbound;

/// <summary>
/// The senders of one route: as many as it has connections, begun when there is mail, ended when there is none. One that is busy with the same
/// mail for long lends its place to another, up to twice as many, so that domains that hang do not stop the rest.
/// </summary>
internal sealed class RouteSenders(Route route, RouteQueue queue, Func<Route, RouteQueue, OutboundSender> create, int connections)
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<OutboundSender, Task> _senders = [];

    public Route Route => route;

    public RouteQueue Queue => queue;

    /// <summary>Begins another sender if there is a mail for one; called at each new mail and about once a second.</summary>
    public void Ensure(CancellationToken stopping, CancellationToken giveUp)
    {
        lock (_gate)
        {
            if (stopping.IsCancellationRequested || _senders.Count >= Places() || _senders.Keys.Any(sender => sender.IsIdle) || !queue.HasTakeable)
            {
                return;
            }

            var sender = create(route, queue);
            _senders.Add(sender, Task.Run(() => RunAsync(sender, stopping, giveUp), CancellationToken.None));
        }
    }

    /// <summary>Completes when every sender has ended.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_senders.Values);
        }
    }

    private async Task RunAsync(OutboundSender sender, CancellationToken stopping, CancellationToken giveUp)
    {
        try
        {
            await sender.RunAsync(IsNeeded, () => Ensure(stopping, giveUp), stopping, giveUp);
        }
        finally
        {
            lock (_gate)
            {
                _senders.Remove(sender);
            }
        }
    }

    private bool IsNeeded(OutboundSender sender)
    {
        lock (_gate)
        {
            return _senders.Count <= Places();
        }
    }

    private int Places() => Math.Min(connections + _senders.Keys.Count(sender => sender.Busy > Slow), 2 * connections);
}
