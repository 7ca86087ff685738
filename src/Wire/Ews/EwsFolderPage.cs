namespace Relay.Wire.Ews;

/// <summary>Some of the folders that a search has found: servers answer with a thousand at most.</summary>
/// <param name="Folders">In the server's order.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
public sealed record EwsFolderPage(IReadOnlyList<EwsFolder> Folders, int? Next);
