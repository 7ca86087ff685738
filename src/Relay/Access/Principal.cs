namespace Relay.Access;

/// <summary>Who is asking, as far as it is proven: an entry of the settings and the address under which it writes.</summary>
internal sealed record Principal(SubscriberEntry Entry, string Address)
{
    /// <summary>Owns subscriptions and keys the journal.</summary>
    public string Name { get; } = Entry.OwnerName(Address);
}
