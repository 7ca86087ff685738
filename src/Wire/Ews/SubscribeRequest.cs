namespace Relay.Wire.Ews;

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
