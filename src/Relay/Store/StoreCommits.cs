using Microsoft.Extensions.Logging;

namespace Relay.Store;

/// <summary>Commits that must not be given up: what became of a mail is known only here until it is stored.</summary>
internal static class StoreCommits
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Commits, trying again while the store is unavailable, until <paramref name="giveUp"/>. Then the claim runs out, or the next start
    /// releases it, and the work is done again.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It was still unavailable when <paramref name="giveUp"/> fired.</exception>
    public static async Task<T> SettleAsync<T>(
        this IStore store, Func<IStoreTransaction, T> work, TimeProvider time, ILogger logger, CancellationToken giveUp)
    {
        var wait = FirstWait;
        while (true)
        {
            try
            {
                return await store.CommitAsync(work, CancellationToken.None);
            }
            catch (StoreUnavailableException exception) when (!giveUp.IsCancellationRequested)
            {
                SettleLog.NotSettledYet(logger, exception.Fault, exception);
                await Task.Delay(wait, time, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
    }
}
