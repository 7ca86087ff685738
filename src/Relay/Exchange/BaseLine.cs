using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// The sync state that stands for "now": all pages of a first synchronisation, whose content is known to nobody as news. Exchange offers no
/// shorter way to a state.
/// </summary>
internal static class BaseLine
{
    /// <param name="page">One synchronisation from the state given; null for the first.</param>
    /// <returns>The first reply that is no success, else a success whose value is the last state.</returns>
    internal static async Task<EwsReply<string>> TakeAsync(Func<string?, Task<EwsReply<EwsSyncAnswer>>> page)
    {
        string? state = null;
        while (true)
        {
            switch (await page(state))
            {
                case EwsReply<EwsSyncAnswer>.Success { Value: var answer }:
                    if (answer.IsLast || answer.SyncState == state)
                    {
                        return new EwsReply<string>.Success(answer.SyncState);
                    }

                    state = answer.SyncState;
                    break;
                case EwsReply<EwsSyncAnswer>.Refused refused:
                    return new EwsReply<string>.Refused(refused.Error);
                case EwsReply<EwsSyncAnswer>.NoAnswer none:
                    return new EwsReply<string>.NoAnswer(none.Reason, none.WaitAtLeast);
            }
        }
    }
}
