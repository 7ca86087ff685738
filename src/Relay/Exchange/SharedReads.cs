using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Reads items, two requests at once, and each item once for all who wait for it: a mailbox may have many subscribers who hear of the same events. Whoever comes when
/// the request is on its way already asks anew, since what happened meanwhile may not be in its answer.
/// </summary>
#pragma warning disable CA1001 // the semaphore holds no handle, and what still reads at the end may hold it
internal sealed class SharedReads(EwsClient ews, TimeProvider time)
{
#pragma warning restore CA1001
    /// <summary>Half of what Exchange grants by default: events go before content.</summary>
    private const int AtOnce = 2;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private static readonly string[] Properties = ["item:Subject", "item:DateTimeReceived", "item:Size", "message:From"];

    private readonly SemaphoreSlim _slots = new(AtOnce);
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Mailbox, bool WithMime, string Id), Batch> _waiting = [];

    /// <returns>One for each id, in their order.</returns>
    internal async Task<IReadOnlyList<(string Id, ItemReading Reading)>> ReadAsync(
        string mailbox, IReadOnlyList<string> ids, bool withMime, CancellationToken cancellationToken)
    {
        var read = new List<(string Id, ItemReading Reading)>();
        foreach (var (id, batch) in Join(mailbox, ids, withMime))
        {
            read.Add((id, (await batch.Answer.WaitAsync(cancellationToken))[id]));
        }

        return read;
    }

    private List<(string Id, Batch Batch)> Join(string mailbox, IReadOnlyList<string> ids, bool withMime)
    {
        lock (_gate)
        {
            var own = new Batch(mailbox, withMime, new CancellationTokenSource(LongestWait, time));
            var joined = new List<(string Id, Batch Batch)>();
            foreach (string id in ids)
            {
                if (_waiting.TryAdd((mailbox, withMime, id), own))
                {
                    own.Ids.Add(id);
                }

                joined.Add((id, _waiting[(mailbox, withMime, id)]));
            }

            foreach (var others in joined.Select(pair => pair.Batch).Distinct())
            {
                others.Limit.CancelAfter(LongestWait); // those who came last wait as long as the first
            }

            if (own.Ids.Count > 0)
            {
                own.Answer = Task.Run(() => RunAsync(own));
            }
            else
            {
                own.Limit.Dispose();
            }

            return joined;
        }
    }

    private async Task<IReadOnlyDictionary<string, ItemReading>> RunAsync(Batch batch)
    {
        using var limit = batch.Limit;
        bool isIn = false;
        try
        {
            await _slots.WaitAsync(limit.Token);
            isIn = true;
            Close(batch);
            limit.CancelAfter(LongestWait);
            return await AskAsync(batch, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return All(batch, "Exchange does not answer in time.");
        }
        finally
        {
            Close(batch);
            if (isIn)
            {
                _slots.Release();
            }
        }
    }

    private void Close(Batch batch)
    {
        lock (_gate)
        {
            foreach (var key in batch.Ids.Select(id => (batch.Mailbox, batch.WithMime, id)).Where(key => _waiting.GetValueOrDefault(key) == batch))
            {
                _waiting.Remove(key);
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, ItemReading>> AskAsync(Batch batch, CancellationToken cancellationToken) =>
        await ews.ReadItemsAsync(batch.Mailbox, batch.Ids, batch.WithMime, Properties, cancellationToken) switch
        {
            EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success { Value: var items } when items.Count == batch.Ids.Count =>
                batch.Ids.Zip(items.Select(ItemReading.Of)).ToDictionary(),
            EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Success => All(batch, "Exchange answered for another number of items."),
            EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.Refused { Error: var error } => All(batch, error.MessageText),
            EwsReply<IReadOnlyList<EwsResult<EwsItem>>>.NoAnswer none => All(batch, none.Reason),
            _ => throw new InvalidOperationException("The three replies are the only ones."),
        };

    private static Dictionary<string, ItemReading> All(Batch batch, string reason) =>
        batch.Ids.ToDictionary(id => id, ItemReading (_) => new ItemReading.Unavailable(reason));

    /// <summary>One request that waits for its turn or is on its way.</summary>
    private sealed class Batch(string mailbox, bool withMime, CancellationTokenSource limit)
    {
        public string Mailbox { get; } = mailbox;

        public bool WithMime { get; } = withMime;

        public CancellationTokenSource Limit { get; } = limit;

        public List<string> Ids { get; } = [];

        public Task<IReadOnlyDictionary<string, ItemReading>> Answer { get; set; } =
            Task.FromResult<IReadOnlyDictionary<string, ItemReading>>(new Dictionary<string, ItemReading>());
    }
}
