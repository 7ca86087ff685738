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
        if (items.OfType<EwsResult<EwsItem>.Unreadable>().FirstOrDefault() is { Sentence: var sentence })
        {
            return new EwsReply<IReadOnlyList<EwsError?>>.NoAnswer(sentence, null);
        }

        var own = new Dictionary<string, bool>();
        var parents = items.Select(ParentOf).OfType<EwsId>().Distinct().ToList();
        var all = await new FolderOwnership(ews, mailbox).CheckAsync(parents, cancellationToken);
        if (Hindrance(all) is { } hindered)
        {
            return hindered;
        }

        foreach (var parent in parents)
        {
            // Which of them is the foreign one; what hinders Exchange meanwhile makes none foreign.
            var alone = all is EwsReply<bool>.Success ? all : await new FolderOwnership(ews, mailbox).CheckAsync([parent], cancellationToken);
            if (Hindrance(alone) is { } stopped)
            {
                return stopped;
            }

            own[parent.Id] = alone is EwsReply<bool>.Success;
        }

        return new EwsReply<IReadOnlyList<EwsError?>>.Success([.. items.Select(item => ErrorOf(item, own))]);
    }

    /// <summary>Why Exchange cannot judge now; null where it has.</summary>
    private static EwsReply<IReadOnlyList<EwsError?>>? Hindrance(EwsReply<bool> check) => check switch
    {
        EwsReply<bool>.NoAnswer none => new EwsReply<IReadOnlyList<EwsError?>>.NoAnswer(none.Reason, none.WaitAtLeast),
        EwsReply<bool>.Refused { Error: var error } when EwsErrorKinds.IsPassing(error.ResponseCode) => new EwsReply<IReadOnlyList<EwsError?>>.Refused(error),
        _ => null,
    };

    private static EwsError? ErrorOf(EwsResult<EwsItem> item, Dictionary<string, bool> own) => item switch
    {
        EwsResult<EwsItem>.Error { Problem: var problem } => problem,
        _ => ParentOf(item) is { } parent && own[parent.Id] ? null : EwsErrors.AccessDenied,
    };

    private static EwsId? ParentOf(EwsResult<EwsItem> item) =>
        (item as EwsResult<EwsItem>.Success)?.Value.ParentFolder is { } parent ? new EwsId(parent.Id) : null;
}
