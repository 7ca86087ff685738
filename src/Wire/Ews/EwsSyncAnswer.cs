namespace Relay.Wire.Ews;

/// <summary>The answer to SyncFolderItems or SyncFolderHierarchy.</summary>
/// <param name="SyncState">Opaque; to be presented the next time.</param>
/// <param name="IsLast">False when the same call with the new state brings more.</param>
/// <param name="Changes">At most one for each object.</param>
public sealed record EwsSyncAnswer(string SyncState, bool IsLast, IReadOnlyList<EwsChange> Changes);
