using Relay.Exchange;
using Relay.Wire.Ews;

namespace Relay.Tests.Subscriptions;

/// <summary>An Exchange that takes its time to let go of a mailbox, until it is told to go on.</summary>
internal sealed class SlowExchange : IExchange
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Asked => _asked.Task;

    public void Go() => _go.SetResult();

    public Task<FolderResolution> ResolveAsync(string mailbox, IReadOnlyList<FolderReference> folders, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<WatchResult> WatchAsync(string mailbox, IReadOnlyList<ResolvedFolder> folders, bool allFolders, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async Task<bool> UnwatchAsync(string mailbox, CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        await _go.Task;
        return true;
    }
}
