namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>A row of the log from which synchronisation tells net changes.</summary>
/// <param name="Number">From the counter of the database.</param>
/// <param name="FolderId">The folder of the item, or the parent of the folder.</param>
/// <param name="ObjectId">The item or folder.</param>
/// <param name="Kind">What happened to it there.</param>
internal readonly record struct ObjectChange(long Number, string FolderId, string ObjectId, ObjectChangeKind Kind);
