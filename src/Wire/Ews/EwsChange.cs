namespace Relay.Wire.Ews;

/// <summary>The net change of one item or folder since a sync state.</summary>
/// <param name="Kind">Of what kind.</param>
/// <param name="IsFolder">From SyncFolderHierarchy, else an item.</param>
/// <param name="Id">Of the object.</param>
/// <param name="ParentFolder">Folders only, and null for what is gone.</param>
/// <param name="Name">A folder's display name or an item's subject; null where the shape or the change has none.</param>
/// <param name="IsRead">Where told.</param>
public sealed record EwsChange(EwsChangeKind Kind, bool IsFolder, EwsId Id, EwsId? ParentFolder, string? Name, bool? IsRead)
{
    /// <summary>A folder that holds what a search finds; its items cannot be synchronised.</summary>
    public bool IsSearchFolder { get; init; }

    /// <summary>Mail that came to the owner of the mailbox, not what the owner drafts, sends or files; false where not told.</summary>
    public bool IsDelivered { get; init; }

    /// <summary>UTC; null where not told.</summary>
    public DateTimeOffset? Received { get; init; }

    /// <summary>The Message-ID field with its angle brackets; null where not told.</summary>
    public string? InternetMessageId { get; init; }

    /// <summary>UTC; null where not told, as with all but new and changed items.</summary>
    public DateTimeOffset? LastModified { get; init; }
}
