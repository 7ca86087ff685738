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

    /// <summary>What stands in the answer for one item.</summary>
    internal static ItemReading Of(EwsResult<EwsItem> result) => result switch
    {
        EwsResult<EwsItem>.Success { Value: { MimeContent: null } item } => new Found(item, null),
        EwsResult<EwsItem>.Success { Value: var item } => Octets(item.MimeContent!) is { } octets
            ? new Found(item with { MimeContent = null }, octets)
            : new Unavailable("Exchange's MIME content is no base64."),
        EwsResult<EwsItem>.Error { Problem: var problem } => EwsErrorKinds.IsLostFolder(problem.ResponseCode)
            ? new Gone()
            : new Unavailable(problem.MessageText),
        EwsResult<EwsItem>.Unreadable unreadable => new Unavailable(unreadable.Sentence),
        _ => throw new InvalidOperationException("The three results are the only ones."),
    };

    private static byte[]? Octets(string base64)
    {
        byte[] octets = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, octets, out int length) ? octets[..length] : null;
    }
}
