namespace Relay.Exchange;

/// <summary>
/// Properties of items, and the items themselves, in batches: first properties and sizes, then what fits. Whoever asks answers for the
/// right to the mailbox and for the ids being of it.
/// </summary>
internal sealed class ItemReader(SharedReads reads)
{
    private const int AtOnce = 50;

    /// <summary>MIME asked for in one request, by the sizes told; one item may be larger.</summary>
    private const long MimeAtOnce = 4 * 1024 * 1024;

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
            var wanted = new List<string>();
            foreach (var (id, reading) in await reads.ReadAsync(mailbox, batch, withMime: false, cancellationToken))
            {
                if (largest > 0 && room <= 0)
                {
                    break;
                }

                read[id] = largest > 0 && reading is ItemReading.Found { Item: { Size: var size } item } && size > largest ? new ItemReading.TooLarge(item) : reading;
                if (largest > 0 && read[id] is ItemReading.Found)
                {
                    wanted.Add(id);
                    room -= Size(read[id]);
                }
            }

            await ReadMimeAsync(mailbox, wanted, read, cancellationToken);
            if (largest > 0 && room <= 0)
            {
                break; // nor is it asked what comes behind
            }
        }

        return read;
    }

    private async Task ReadMimeAsync(string mailbox, List<string> wanted, Dictionary<string, ItemReading> read, CancellationToken cancellationToken)
    {
        while (wanted.Count > 0)
        {
            long size = 0;
            var batch = wanted.TakeWhile((id, index) => (size += Size(read[id])) <= MimeAtOnce || index == 0).Take(AtOnce).ToList();
            wanted.RemoveRange(0, batch.Count);
            foreach (var (id, reading) in await reads.ReadAsync(mailbox, batch, withMime: true, cancellationToken))
            {
                read[id] = reading;
            }
        }
    }

    private static long Size(ItemReading reading) => (reading as ItemReading.Found)?.Item.Size ?? MimeAtOnce;
}
