namespace Relay.Access;

/// <summary>Who is asking, as far as it is proven: an entry of the settings and the address under which it writes.</summary>
internal sealed record Principal(SubscriberEntry Entry, string Address)
{
    /// <summary>Owns subscriptions and keys the journal; stable while the entry keeps its Name, or its place in the settings if it has none.</summary>
    public string Name { get; } = $"{Entry.Name}/{Address.ToLowerInvariant()}";
}
