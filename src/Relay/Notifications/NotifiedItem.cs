namespace Relay.Notifications;

/// <summary>What is known of an item when its event is told.</summary>
internal sealed record NotifiedItem(NotifiedItemState State)
{
    public string? Subject { get; init; }

    /// <summary>The author's address.</summary>
    public string? From { get; init; }

    public DateTimeOffset? Received { get; init; }

    /// <summary>The item as a mail; null where it was not asked for or is not there.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }
}
