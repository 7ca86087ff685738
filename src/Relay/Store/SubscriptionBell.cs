using System.Collections.Concurrent;

namespace Relay.Store;

/// <summary>
/// Names subscriptions to look at again: one was added, changed or ended, or its mail was settled. Only a hint within this process; what
/// is true stands in the rows. Rings the bell that it was made with.
/// </summary>
internal sealed class SubscriptionBell(Bell bell)
{
    private readonly ConcurrentQueue<long> _ids = new();

    public void Ring(long subscriptionId)
    {
        _ids.Enqueue(subscriptionId);
        bell.Ring();
    }

    /// <summary>The subscriptions named since the last call, each once.</summary>
    public IReadOnlySet<long> Take()
    {
        var taken = new HashSet<long>();
        while (_ids.TryDequeue(out long id))
        {
            taken.Add(id);
        }

        return taken;
    }
}
