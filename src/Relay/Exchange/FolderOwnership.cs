using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Whether folders that are named by id alone belong to the mailbox that the subscriber may watch. An id says nothing of its mailbox, and what
/// the account may read, or the owner that it acts for, is more than what the subscriber may: each folder must lead up to the mailbox's root.
/// </summary>
internal sealed class FolderOwnership(EwsClient ews, string mailbox)
{
    /// <summary>Exchange allows no deeper trees.</summary>
    private const int DeepestTree = 300;

    private readonly Affinity _affinity = new(mailbox);

    /// <returns>
    /// A success if all of them are; refused as Exchange refuses a folder that one has no right to, if one is not. What hinders Exchange for now makes nothing
    /// foreign: then its error is a passing one, or there is no answer.
    /// </returns>
    internal async Task<EwsReply<bool>> CheckAsync(IEnumerable<EwsId> folders, CancellationToken cancellationToken)
    {
        var open = folders.Select(folder => folder.Id).ToHashSet();
        if (open.Count == 0)
        {
            return new EwsReply<bool>.Success(true);
        }

        // One of the two is enough; the account may have no right to the other.
        var roots = await AskAsync(
            [new FolderReference.Distinguished("root", mailbox), new FolderReference.Distinguished("msgfolderroot", mailbox)], cancellationToken);
        if (roots is not EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.Success { Value: var found })
        {
            return Failure(roots);
        }

        var doubt = Hindrance(found, 2);
        var known = found.OfType<EwsResult<EwsFolder>.Success>().Select(root => root.Value.Id.Id).ToHashSet();
        open.ExceptWith(known);
        for (var depth = 0; open.Count > 0 && depth < DeepestTree; depth++)
        {
            string[] asked = [.. open];
            var reply = await AskAsync([.. asked.Select(id => new FolderReference.ById(new EwsId(id)))], cancellationToken);
            if (reply is not EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.Success { Value: var level })
            {
                return Failure(reply);
            }

            var parents = level.Select(folder => (folder as EwsResult<EwsFolder>.Success)?.Value.ParentFolder?.Id).ToList();
            doubt = Hindrance(level, asked.Length) ?? doubt;
            if (parents.Count != asked.Length || parents.Zip(asked).Any(pair => pair.First is null || pair.First == pair.Second))
            {
                break; // nothing above it, or itself: the root of another mailbox
            }

            known.UnionWith(open);
            open = [.. parents.OfType<string>().Where(id => !known.Contains(id))];
        }

        return open.Count == 0 ? new EwsReply<bool>.Success(true) : doubt ?? new EwsReply<bool>.Refused(EwsErrors.AccessDenied);
    }

    /// <summary>Why an answer for some of the folders says nothing of whose they are; null if it does.</summary>
    private static EwsReply<bool>? Hindrance(IReadOnlyList<EwsResult<EwsFolder>> folders, int asked)
    {
        var passing = folders.OfType<EwsResult<EwsFolder>.Error>().FirstOrDefault(folder => EwsErrorKinds.IsPassing(folder.Problem.ResponseCode));
        return passing is not null ? new EwsReply<bool>.Refused(passing.Problem)
            : folders.OfType<EwsResult<EwsFolder>.Unreadable>().FirstOrDefault() is { Sentence: var sentence } ? new EwsReply<bool>.NoAnswer(sentence, null)
            : folders.Count != asked ? new EwsReply<bool>.NoAnswer("Exchange answered for another number of folders.", null)
            : null;
    }

    private Task<EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>> AskAsync(IReadOnlyList<FolderReference> folders, CancellationToken cancellationToken) =>
        ews.GetFoldersAndParentsAsync(mailbox, folders, _affinity, cancellationToken);

    private static EwsReply<bool> Failure(EwsReply<IReadOnlyList<EwsResult<EwsFolder>>> reply) => reply switch
    {
        EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.Refused refused => new EwsReply<bool>.Refused(refused.Error),
        EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.NoAnswer none => new EwsReply<bool>.NoAnswer(none.Reason, none.WaitAtLeast),
        _ => throw new InvalidOperationException("A success is no failure."),
    };
}
