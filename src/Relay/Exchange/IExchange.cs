using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What the rest of the relay may ask of Exchange. What Exchange may answer is a value; neither method throws for it.</summary>
internal interface IExchange
{
    /// <summary>Ids and names of folders of one mailbox, in the order asked for.</summary>
    Task<FolderResolution> ResolveAsync(string mailbox, IReadOnlyList<FolderReference> folders, CancellationToken cancellationToken);

    /// <summary>
    /// Watches these folders of a mailbox from now on, or all of them. Once it has answered <see cref="WatchResult.Watching"/>, every later
    /// event reaches the event log whatever dies in between, because the place to catch up from is on stable storage.
    /// </summary>
    Task<WatchResult> WatchAsync(string mailbox, IReadOnlyList<ResolvedFolder> folders, bool allFolders, CancellationToken cancellationToken);

    /// <summary>
    /// To be called when a subscription has ended: ends the EWS subscription of a mailbox and forgets its base lines, if no subscription that
    /// is still active names it. False when one does.
    /// </summary>
    Task<bool> UnwatchAsync(string mailbox, CancellationToken cancellationToken);
}
