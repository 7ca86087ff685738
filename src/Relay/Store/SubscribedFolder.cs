namespace Relay.Store;

/// <summary>A folder of a subscription.</summary>
/// <param name="Name">As a person is told: "inbox" for a distinguished folder, else its display name.</param>
internal sealed record SubscribedFolder(string Id, string Name);
