namespace Relay.Wire.Ews;

/// <summary>What SyncFolderItems and SyncFolderHierarchy say of an object.</summary>
public enum EwsChangeKind
{
    /// <summary>New since the sync state.</summary>
    Create,

    /// <summary>Changed since the sync state.</summary>
    Update,

    /// <summary>Gone, or moved elsewhere, since the sync state.</summary>
    Delete,

    /// <summary>Only read or unread; items only.</summary>
    ReadFlagChange,
}
