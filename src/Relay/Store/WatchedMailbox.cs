namespace Relay.Store;

/// <summary>A mailbox that has an id here.</summary>
/// <param name="HierarchyState">The sync state of its folder tree; null before the base line is taken.</param>
/// <param name="UpstreamSubscription">The id that Exchange gave our subscription; to be ended at the next start.</param>
internal sealed record WatchedMailbox(long Id, string Address, string? HierarchyState, string? UpstreamSubscription)
{
    /// <summary>Every folder is watched, also those that are made later.</summary>
    public bool AllFolders { get; init; }

    /// <summary>When the hierarchy state was taken; null when not known.</summary>
    public DateTimeOffset? HierarchySyncedAt { get; init; }

    /// <summary>What the log tells up to here, the hierarchy state holds; of later events it may hold some.</summary>
    public LogPosition HierarchySyncedPosition { get; init; }

    /// <summary>With all folders: what the log tells up to here of items in search folders is settled, the end of each that is gone with it.</summary>
    public LogPosition StraysPosition { get; init; }

    /// <summary>As <see cref="WatchedFolder.BrokenAt"/>, since the hierarchy state.</summary>
    public LogPosition? HierarchyBrokenAt { get; init; }

    /// <summary>How often events may have been missed so far; a state that was asked for holds them if this has not changed meanwhile.</summary>
    public long Breaks { get; init; }
}
