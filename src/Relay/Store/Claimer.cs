using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Relay.Store;

/// <summary>
/// The claiming half of a worker: takes rows that are due and hands them to whoever acts on them, waits for the bell, and goes on when the
/// store is away. Whatever is claimed is handed on, when stopping too: the reader reads to the end, and gives back what it does not begin.
/// </summary>
/// <param name="store">Whose rows.</param>
/// <param name="bell">Rung when there are more.</param>
/// <param name="claim">Takes some; run again while it gives any.</param>
/// <param name="rest">How long to claim nothing, for whatever reason the worker has.</param>
/// <param name="time">For the waits.</param>
/// <param name="logger">For failures.</param>
internal sealed class Claimer<T>(
    IStore store, Bell bell, Func<IStoreTransaction, IReadOnlyList<T>> claim, Func<TimeSpan> rest, TimeProvider time, ILogger logger)
{
    // Rows that become due by the clock, or that another process left, ring no bell.
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitForStore = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitAfterFailure = TimeSpan.FromSeconds(5);

    public async Task RunAsync(ChannelWriter<T> writer, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ClaimAsync(writer, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException exception)
            {
                ClaimLog.StoreUnavailable(logger, exception.Fault, exception);
                await Task.Delay(WaitForStore, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception)
            {
                ClaimLog.Failed(logger, exception);
                await Task.Delay(WaitAfterFailure, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ClaimAsync(ChannelWriter<T> writer, CancellationToken stopping)
    {
        if (rest() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, stopping);
        }

        await writer.WaitToWriteAsync(stopping);
        var claimed = await store.ClaimAsync(claim, stopping);
        foreach (var row in claimed)
        {
            // Whoever reads gives back what is not begun any more; kept here it would be held until the claim runs out.
            await writer.WriteAsync(row, CancellationToken.None);
        }

        if (claimed.Count == 0)
        {
            await bell.WaitAsync(LongestPoll, time, stopping);
        }
    }
}
