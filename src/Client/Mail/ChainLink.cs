namespace Relay.Client.Mail;

/// <summary>How a notification joins the one before it (its PreviousWatermark against the last watermark seen).</summary>
internal abstract record ChainLink
{
    private ChainLink()
    {
    }

    /// <summary>The first notification seen of a subscription that nobody began with a watermark: what was before is unknown.</summary>
    public sealed record First : ChainLink;

    /// <summary>Nothing is missing between the last notification and this one.</summary>
    public sealed record Joined : ChainLink;

    /// <summary>The notification tells of no position (a gap mail or a failure): the chain stays where it was.</summary>
    public sealed record Unmoved : ChainLink;

    /// <summary>At least one notification was lost in between; GetEvents from <paramref name="LastSeen"/> brings it back.</summary>
    /// <param name="LastSeen">The watermark up to which this subscriber has every event.</param>
    /// <param name="Previous">The watermark that this notification follows, if it names one.</param>
    /// <param name="Next">The watermark of the first event that this notification itself tells; null where it tells none.</param>
    public sealed record Broken(string LastSeen, string? Previous, string? Next = null) : ChainLink;
}
