using Relay.Store;

namespace Relay.Housekeeping;

/// <summary>Work in small steps, so that the writer is never held for long.</summary>
internal static class Repeated
{
    /// <summary>Until a step does less than <paramref name="atOnce"/>; returns how much was done.</summary>
    public static async Task<int> Async(IStore store, Func<IStoreTransaction, int> step, int atOnce, CancellationToken cancellationToken)
    {
        int all = 0;
        int done;
        do
        {
            done = await store.CommitAsync(step, cancellationToken);
            all += done;
        }
        while (done >= atOnce);

        return all;
    }
}
