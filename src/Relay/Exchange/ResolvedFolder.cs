namespace Relay.Exchange;

/// <summary>A folder as Exchange knows it. The name is the distinguished one where it was asked for by that, else the display name.</summary>
internal sealed record ResolvedFolder(string Id, string Name);
