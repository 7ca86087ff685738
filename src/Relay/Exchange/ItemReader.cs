using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Properties of items, and the items themselves, in batches: first the properties and sizes of all, then what fits. Whoever asks answers for the
/// right to the mailbox and for the ids being of it.
/// </summary>
internal sealed class ItemReader(EwsClient ews)
{
    private const int AtOnce = 50;

    /// <summary>MIME asked for in one request, by the sizes told; one item may be larger.</summary>
    private const long MimeAtOnce = 4 * 1024 * 1024;

    private static readonly string[] Properties = ["item:Subject", "item:DateTimeReceived", "item:Size", "message:From"];

    /// <param name="mailbox">Whose items they are.</param>
    /// <param name="ids">Each once.</param>
    /// <param name="largest">The largest item that is wanted itself, and how much of them is wanted in all; 0 for none.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>One value for each id, but those are left out that come behind what was wanted in all.</returns>
    internal async Task<IReadOnlyDictionary<string, ItemReading>> ReadAsync(
        string mailbox, IReadOnlyList<string> ids, int largest, CancellationToken cancellationToken)
    {
        var read = new Dictionary<string, ItemReading>();
        long room = largest;
        foreach (string[] batch in ids.Chunk(AtOnce))
        {
            foreach (var (id, reading) in await AskAsync(mailbox, batch, withMime: false, cancellationToken))
            {
                read[id] = largest > 0 && reading is ItemReading.Found { Item: { Size: var size } item } && size > largest ? new ItemReading.TooLarge(item) : reading;
            }
        }

        if (largest == 0)
        {
            return read;
        }

        var wanted = new List<string>();
        foreach (string id in ids)
        {
            if (room <= 0)
            {
                read.Remove(id);
            }
            else if (read[id] is ItemReading.Found { Item.Size: var size })
            {
                wanted.Add(id);
                room -= size ?? MimeAtOnce;
            }
        }

        await ReadMimeAsync(mailbox, wanted, read, cancellationToken);
        return read;
    }

    private async Task ReadMimeAsync(string mailbox, List<string> wanted, Dictionary<string, ItemReading> read, CancellationToken cancellationToken)
    {
        while (wanted.Count > 0)
        {
            long size = 0;
            var batch = wanted.TakeWhile((id, index) => (size += Size(read[id])) <= MimeAtOnce || index == 0).Take(AtOnce).ToList();
            wanted.RemoveRange(0, batch.Count);
            foreach (var (id, reading) in await AskAsync(mailbox, batch, withMime: true, cancellationToken))
            {
                read[id] = reading;
            }
        }
    }

    private static long Size(ItemReading reading) => (reading as ItemReading.Found)?.Item.Size ?? MimeAtOnce;

    private async Task<IEnumerable<(string Id, ItemReading Reading)>> AskAsync(
        string mailbox, IReadOnlyList<string> ids, bool withMime, CancellationToken cancellationToken)
    {
        var reply = await ews.ReadItemsAsync(mailbox, ids, withMime, Properties, cancellationToken);
        return reply switch
        {
            EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success { Value: var items } when items.Count == ids.Count => ids.Zip(items.Select(Reading)),
            EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success => All("Exchange answered for another number of items."),
            EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Refused { Error: var error } => All(error.MessageText),
            EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.NoAnswer none => All(none.Reason),
            _ => throw new InvalidOperationException("The three replies are the only ones."),
        };

        IEnumerable<(string, ItemReading)> All(string reason) => ids.Select(id => (id, (ItemReading)new ItemReading.Unavailable(reason)));
    }

    private static ItemReading Reading(EwsResult<EwsItem> result) => result switch
    {
        EwsResult<EwsItem>.Success { Value: { MimeContent: null } item } => new ItemReading.Found(item, null),
        EwsResult<EwsItem>.Success { Value: var item } => Octets(item.MimeContent!) is { } octets
            ? new ItemReading.Found(item with { MimeContent = null }, octets)
            : new ItemReading.Unavailable("Exchange's MIME content is no base64."),
        EwsResult<EwsItem>.Error { Problem: var problem } => EwsErrorKinds.IsLostFolder(problem.ResponseCode)
            ? new ItemReading.Gone()
            : new ItemReading.Unavailable(problem.MessageText),
        EwsResult<EwsItem>.Unreadable unreadable => new ItemReading.Unavailable(unreadable.Sentence),
        _ => throw new InvalidOperationException("The three results are the only ones."),
    };

    private static byte[]? Octets(string base64)
    {
        byte[] octets = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, octets, out int length) ? octets[..length] : null;
    }
}
