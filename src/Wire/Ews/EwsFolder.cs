namespace Relay.Wire.Ews;

/// <summary>A folder as far as the server told it.</summary>
/// <param name="Id">With its change key as a rule.</param>
/// <param name="ParentFolder">Null unless asked for.</param>
/// <param name="DisplayName">For people, in the mailbox's language; null in the shape IdOnly.</param>
/// <param name="FolderClass">Such as <c>IPF.Note</c>; null unless asked for.</param>
/// <param name="IsSearchFolder">Search folders cannot be synchronised.</param>
public sealed record EwsFolder(EwsId Id, EwsId? ParentFolder, string? DisplayName, string? FolderClass, bool IsSearchFolder);
