using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>Asks Exchange what became of items that the log tells to have come, and that no synchronisation names.</summary>
internal static class ItemFates
{
    /// <summary>The response code of an item that is not there any more.</summary>
    internal const string Gone = "ErrorItemNotFound";

    private const int ItemsPerRequest = 100;

    /// <param name="run">The synchronisation that this is part of.</param>
    /// <param name="itemIds">Whom to ask for.</param>
    /// <param name="tell">Appends what is news of one item, and returns how many events that were.</param>
    /// <param name="cancellationToken">Ends it between two requests.</param>
    internal static async Task<CatchUpStep> TellAsync(
        SyncRun run, IEnumerable<string> itemIds, Func<IStoreTransaction, string, EwsResult<EwsItem>, int> tell, CancellationToken cancellationToken)
    {
        foreach (var ids in itemIds.Chunk(ItemsPerRequest))
        {
            var reply = await run.Ews.GetItemsAsync(run.Target.Address, ids, run.Target.Affinity, cancellationToken);
            if (reply is not EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success { Value: var items } || items.Count != ids.Length)
            {
                return reply is EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success
                    ? new CatchUpStep.Hindered("Exchange did not answer for every item asked for.")
                    : SyncRun.Hindrance(reply);
            }

            if (items.OfType<EwsResult<EwsItem>.Error>().FirstOrDefault(item => EwsErrorKinds.IsPassing(item.Problem.ResponseCode)) is { Problem: var problem })
            {
                return SyncRun.Hindrance(problem);
            }

            await run.KeepAsync(transaction => ids.Zip(items).Sum(pair => tell(transaction, pair.First, pair.Second)), cancellationToken);
        }

        return SyncRun.Done;
    }
}
