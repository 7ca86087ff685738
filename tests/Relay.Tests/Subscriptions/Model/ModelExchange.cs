using Relay.Exchange;
using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Subscriptions.Model;

/// <summary>An Exchange in which each folder's id is its name, and which has what the model makes happen logged at once.</summary>
internal sealed class ModelExchange(IStore store) : IExchange
{
    public Task<FolderResolution> ResolveAsync(string mailbox, IReadOnlyList<FolderReference> folders, CancellationToken cancellationToken) =>
        Task.FromResult<FolderResolution>(new FolderResolution.Resolved(
            [.. folders.Cast<FolderReference.Distinguished>().Select(folder => new ResolvedFolder(folder.Name, folder.Name))]));

    public async Task<WatchResult> WatchAsync(
        string mailbox, IReadOnlyList<ResolvedFolder> folders, bool allFolders, CancellationToken cancellationToken) =>
        new WatchResult.Watching(await store.CommitAsync(
            t =>
            {
                long id = t.Watches.MailboxId(mailbox);
                if (allFolders)
                {
                    t.Watches.WatchAllFolders(id, default);
                }

                var known = t.Watches.Folders(id).Select(folder => folder.FolderId).ToHashSet();
                foreach (var folder in folders.Where(folder => known.Add(folder.Id)))
                {
                    t.Watches.AddFolder(new WatchedFolder(id, folder.Id, folder.Name, "state"));
                }

                return id;
            },
            cancellationToken));

    public Task<bool> UnwatchAsync(string mailbox, CancellationToken cancellationToken) => Task.FromResult(false);
}
