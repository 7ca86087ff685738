using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Notifications;

/// <summary>What a subscription is to be told next.</summary>
/// <param name="Subscription">As it stood when the page was read.</param>
/// <param name="Stream">The stream that tells it; null for push.</param>
/// <param name="Mailbox">Its address.</param>
/// <param name="Page">Without events or gaps it is the status.</param>
internal sealed record Due(Subscription Subscription, OpenStream? Stream, string Mailbox, EventPage Page)
{
    /// <summary>Whether the page is of what the log let go of untold.</summary>
    public bool IsOfDropped { get; init; }
}
