using Relay.Notifications;

namespace Relay.Benchmarks.Gateway;

/// <summary>Nobody in a benchmark asks for items.</summary>
internal sealed class NoItems : INotifiedItems
{
    public Task<IReadOnlyDictionary<string, NotifiedItem>> FetchAsync(
        string mailbox, IReadOnlyList<string> itemIds, int largest, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No subscription here wants to know of items.");
}
