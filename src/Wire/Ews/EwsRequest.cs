namespace Relay.Wire.Ews;

/// <summary>One of the five requests about notifications.</summary>
public abstract record EwsRequest
{
    private protected EwsRequest()
    {
    }
}

/// <summary><c>m:Subscribe</c> with one of its three kinds of request.</summary>
/// <param name="Kind">Decides which of the optional values are there.</param>
/// <param name="AllFolders">The attribute SubscribeToAllFolders.</param>
/// <param name="Folders">Empty with AllFolders as a rule; the schema allows both and neither.</param>
/// <param name="EventTypes">At least one in a valid request.</param>
/// <param name="Watermark">Pull and push: start after this event; null starts now.</param>
/// <param name="TimeoutMinutes">Pull: 1..1440 idle minutes until the subscription ends.</param>
/// <param name="StatusFrequencyMinutes">Push: 1..1440 minutes, both heartbeat period and retry budget.</param>
/// <param name="Url">Push: where to send.</param>
/// <param name="CallerData">Push: opaque text of the subscriber.</param>
public sealed record SubscribeRequest(
    SubscriptionKind Kind,
    bool AllFolders,
    IReadOnlyList<FolderReference> Folders,
    EwsEventTypes EventTypes,
    string? Watermark = null,
    int? TimeoutMinutes = null,
    int? StatusFrequencyMinutes = null,
    string? Url = null,
    string? CallerData = null) : EwsRequest;

/// <summary><c>m:GetEvents</c>.</summary>
/// <param name="SubscriptionId">As the SubscribeResponse told it.</param>
/// <param name="Watermark">The last one received.</param>
public sealed record GetEventsRequest(string SubscriptionId, string Watermark) : EwsRequest;

/// <summary><c>m:GetStreamingEvents</c>.</summary>
/// <param name="SubscriptionIds">At least one; Exchange advises 200 at most.</param>
/// <param name="ConnectionTimeoutMinutes">1..30.</param>
public sealed record GetStreamingEventsRequest(IReadOnlyList<string> SubscriptionIds, int ConnectionTimeoutMinutes) : EwsRequest;

/// <summary><c>m:Unsubscribe</c>.</summary>
/// <param name="SubscriptionId">Of a pull or streaming subscription, as far as Exchange goes.</param>
public sealed record UnsubscribeRequest(string SubscriptionId) : EwsRequest;

/// <summary><c>m:SendNotificationResult</c>, the answer to a push notification.</summary>
/// <param name="Status">Whether to go on.</param>
public sealed record SendNotificationResultRequest(SubscriptionStatus Status) : EwsRequest;
