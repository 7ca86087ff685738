using System.Collections.Concurrent;
using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <inheritdoc cref="IExchange"/>
internal sealed class MailboxWatcher(EwsClient ews, IStore store, IEventSource source, TimeProvider time) : IExchange
{
    private static readonly TimeSpan LongestPreparation = TimeSpan.FromSeconds(8);

    // What the store and the source know of a mailbox changes together: one that is let go must not be watched again halfway.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.OrdinalIgnoreCase);

    public async Task<FolderResolution> ResolveAsync(
        string mailbox, IReadOnlyList<FolderReference> folders, CancellationToken cancellationToken)
    {
        if (folders.Count == 0)
        {
            return new FolderResolution.Resolved([]);
        }

        var reply = await ews.GetFoldersAsync(mailbox, [.. folders.Select(folder => In(mailbox, folder))], new Affinity(mailbox), cancellationToken);
        var resolution = reply switch
        {
            EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.Success { Value: var found } => Resolve(folders, found),
            EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.Refused { Error: var error } => Refusal(error),
            EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.NoAnswer none => new FolderResolution.Unavailable(none.Reason),
            _ => throw new InvalidOperationException("The three replies are the only ones."),
        };
        return resolution is FolderResolution.Resolved ? await CheckedAsync(mailbox, folders, resolution, cancellationToken) : resolution;
    }

    private async Task<FolderResolution> CheckedAsync(
        string mailbox, IReadOnlyList<FolderReference> folders, FolderResolution resolution, CancellationToken cancellationToken)
    {
        var named = folders.OfType<FolderReference.ById>().Select(folder => folder.Id);
        return await new FolderOwnership(ews, mailbox).CheckAsync(named, cancellationToken) switch
        {
            EwsReply<bool>.Refused { Error: var error } => Refusal(error),
            EwsReply<bool>.NoAnswer none => new FolderResolution.Unavailable(none.Reason),
            _ => resolution,
        };
    }

    public async Task<WatchResult> WatchAsync(
        string mailbox, IReadOnlyList<ResolvedFolder> folders, bool allFolders, CancellationToken cancellationToken)
    {
        var gate = GateOf(mailbox);
        await gate.WaitAsync(cancellationToken);
        try
        {
            var id = await store.CommitAsync(transaction => transaction.Watches.MailboxId(mailbox), cancellationToken);
            var baseLines = new BaseLines(ews, store, time, new SyncTarget(id, mailbox, new Affinity(mailbox)));
            var result = await baseLines.TakeAsync(folders, allFolders, cancellationToken);
            if (result is WatchResult.Watching)
            {
                source.Watch(id, mailbox);
                await PrepareAsync(id, cancellationToken);
            }

            return result;
        }
        finally
        {
            gate.Release();
        }
    }

    // The promise is kept by the base lines already; waiting keeps a new subscriber's first events from being told as caught up.
    private async Task PrepareAsync(long mailboxId, CancellationToken cancellationToken)
    {
        try
        {
            await source.PreparedAsync(mailboxId).WaitAsync(LongestPreparation, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return; // Exchange takes its time; the events are found by catching up
        }
    }

    public async Task<bool> UnwatchAsync(string mailbox, CancellationToken cancellationToken)
    {
        var gate = GateOf(mailbox);
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await LetGoAsync(mailbox, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<bool> LetGoAsync(string mailbox, CancellationToken cancellationToken)
    {
        if (store.Read(transaction => transaction.Watches.FindMailbox(mailbox)) is not { } id)
        {
            return true;
        }

        var isIdle = await store.CommitAsync(
            transaction =>
            {
                var upstream = transaction.Watches.Mailbox(id)?.UpstreamSubscription;
                if (transaction.Subscriptions.Active().Any(subscription => subscription.MailboxId == id))
                {
                    return false;
                }

                transaction.Watches.StopWatching(id);
                transaction.Watches.SaveUpstreamSubscription(id, upstream); // until it is known to have ended
                return true;
            },
            cancellationToken);
        if (isIdle)
        {
            await source.UnwatchAsync(id, cancellationToken);
        }

        return isIdle;
    }

    private SemaphoreSlim GateOf(string mailbox) => _gates.GetOrAdd(mailbox, _ => new SemaphoreSlim(1, 1));

    /// <summary>A distinguished folder that names no mailbox is the one of this mailbox, also for an account that does not act for its owner.</summary>
    private static FolderReference In(string mailbox, FolderReference folder) =>
        folder is FolderReference.Distinguished { Mailbox: null } named ? named with { Mailbox = mailbox } : folder;

    private static FolderResolution Resolve(IReadOnlyList<FolderReference> asked, IReadOnlyList<EwsResult<EwsFolder>> found)
    {
        if (found.Count != asked.Count)
        {
            return new FolderResolution.Unavailable($"Exchange answered for {found.Count} folders where {asked.Count} were asked for.");
        }

        var resolved = new List<ResolvedFolder>();
        for (var i = 0; i < asked.Count; i++)
        {
            switch (found[i])
            {
                case EwsResult<EwsFolder>.Success { Value: var folder }:
                    resolved.Add(new ResolvedFolder(folder.Id.Id, NameOf(asked[i], folder)));
                    break;
                case EwsResult<EwsFolder>.Error { Problem: var problem }:
                    return Refusal(problem);
                case EwsResult<EwsFolder>.Unreadable unreadable:
                    return new FolderResolution.Unavailable(unreadable.Sentence);
            }
        }

        return new FolderResolution.Resolved(resolved);
    }

    private static string NameOf(FolderReference asked, EwsFolder folder) =>
        asked is FolderReference.Distinguished named ? named.Name : folder.DisplayName ?? folder.Id.Id;

    private static FolderResolution Refusal(EwsError error) => EwsErrorKinds.IsPassing(error.ResponseCode)
        ? new FolderResolution.Unavailable($"Exchange answered {error.ResponseCode}: {error.MessageText}")
        : new FolderResolution.Failed(error);
}
