using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What Exchange said of one item.</summary>
internal abstract record ItemReading
{
    private ItemReading()
    {
    }

    /// <param name="Item">Its properties.</param>
    /// <param name="Mime">The item itself; null where it was not asked for.</param>
    internal sealed record Found(EwsItem Item, ReadOnlyMemory<byte>? Mime) : ItemReading;

    /// <summary>It is larger than what was asked for.</summary>
    internal sealed record TooLarge(EwsItem Item) : ItemReading;

    internal sealed record Gone : ItemReading;

    /// <summary>Exchange would not say, or could not be asked.</summary>
    internal sealed record Unavailable(string Reason) : ItemReading;
}
