using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>All pages of one synchronisation.</summary>
/// <param name="State">The state after them.</param>
/// <param name="Changes">Those whose telling is not settled yet.</param>
/// <param name="Named">The ids of all.</param>
internal sealed record CollectedChanges(string State, IReadOnlyList<EwsChange> Changes, IReadOnlySet<string> Named)
{
    /// <param name="state">To begin at.</param>
    /// <param name="page">One synchronisation from the state given.</param>
    /// <param name="isSettled">Leaves a change out.</param>
    /// <returns>The first reply that is no success, else all pages as one.</returns>
    internal static async Task<EwsReply<CollectedChanges>> TakeAsync(
        string? state, Func<string?, Task<EwsReply<EwsSyncAnswer>>> page, Func<EwsChange, bool> isSettled)
    {
        var changes = new List<EwsChange>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            switch (await page(state))
            {
                case EwsReply<EwsSyncAnswer>.Success { Value: var answer }:
                    named.UnionWith(answer.Changes.Select(change => change.Id.Id));
                    changes.AddRange(answer.Changes.Where(change => !isSettled(change)));
                    if (answer.IsLast || answer.SyncState == state)
                    {
                        return new EwsReply<CollectedChanges>.Success(new CollectedChanges(answer.SyncState, changes, named));
                    }

                    state = answer.SyncState;
                    break;
                case EwsReply<EwsSyncAnswer>.Refused refused:
                    return new EwsReply<CollectedChanges>.Refused(refused.Error);
                case EwsReply<EwsSyncAnswer>.NoAnswer none:
                    return new EwsReply<CollectedChanges>.NoAnswer(none.Reason, none.WaitAtLeast);
            }
        }
    }
}
