using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>Whether items that are named by id belong to a mailbox: each by the folder that holds it, as <see cref="FolderOwnership"/> judges.</summary>
internal sealed class ItemOwnership(EwsClient ews, string mailbox)
{
    /// <returns>
    /// For each id null if it is the mailbox's, else what is to be said of it: what Exchange said, or, of another mailbox's, what it says of an item that one
    /// has no right to.
    /// </returns>
    internal async Task<EwsReply<IReadOnlyList<EwsError?>>> CheckAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        switch (await ews.GetParentsAsync(mailbox, ids, cancellationToken))
        {
            case EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success { Value: var items } when items.Count == ids.Count:
                return await JudgeAsync(items, cancellationToken);
            case EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success:
                return new EwsReply<IReadOnlyList<EwsError?>>.NoAnswer("Exchange answered for another number of items.", null);
            case EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Refused { Error: var error }:
                return new EwsReply<IReadOnlyList<EwsError?>>.Refused(error);
            case EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.NoAnswer none:
                return new EwsReply<IReadOnlyList<EwsError?>>.NoAnswer(none.Reason, none.WaitAtLeast);
            default:
                throw new InvalidOperationException("The three replies are the only ones.");
        }
    }

    private async Task<EwsReply<IReadOnlyList<EwsError?>>> JudgeAsync(IReadOnlyList<EwsResult<EwsItem>> items, CancellationToken cancellationToken)
    {
        var own = new Dictionary<string, bool>();
        var parents = items.Select(ParentOf).OfType<EwsId>().Distinct().ToList();
        switch (await new FolderOwnership(ews, mailbox).CheckAsync(parents, cancellationToken))
        {
            case EwsReply<bool>.Success:
                parents.ForEach(parent => own[parent.Id] = true);
                break;
            case EwsReply<bool>.NoAnswer none:
                return new EwsReply<IReadOnlyList<EwsError?>>.NoAnswer(none.Reason, none.WaitAtLeast);
            default:
                foreach (var parent in parents) // which of them is the foreign one
                {
                    own[parent.Id] = await new FolderOwnership(ews, mailbox).CheckAsync([parent], cancellationToken) is EwsReply<bool>.Success;
                }

                break;
        }

        return new EwsReply<IReadOnlyList<EwsError?>>.Success([.. items.Select(item => ErrorOf(item, own))]);
    }

    private static EwsError? ErrorOf(EwsResult<EwsItem> item, Dictionary<string, bool> own) => item switch
    {
        EwsResult<EwsItem>.Error { Problem: var problem } => problem,
        _ => ParentOf(item) is { } parent && own[parent.Id] ? null : EwsErrors.AccessDenied,
    };

    private static EwsId? ParentOf(EwsResult<EwsItem> item) =>
        (item as EwsResult<EwsItem>.Success)?.Value.ParentFolder is { } parent ? new EwsId(parent.Id) : null;
}
