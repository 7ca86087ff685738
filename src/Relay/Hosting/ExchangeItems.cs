using Relay.Exchange;
using Relay.Notifications;

namespace Relay.Hosting;

/// <summary>Brings notifications what Exchange knows of their items: neither folder needs the other.</summary>
internal sealed class ExchangeItems(ItemReader reader) : INotifiedItems
{
    public async Task<IReadOnlyDictionary<string, NotifiedItem>> FetchAsync(
        string mailbox, IReadOnlyList<string> itemIds, int largest, CancellationToken cancellationToken) =>
        (await reader.ReadAsync(mailbox, itemIds, largest, cancellationToken)).ToDictionary(pair => pair.Key, pair => Item(pair.Value));

    private static NotifiedItem Item(ItemReading reading) => reading switch
    {
        ItemReading.Found found => Item(found.Item, NotifiedItemState.Told) with { Content = found.Mime },
        ItemReading.TooLarge large => Item(large.Item, NotifiedItemState.TooLarge),
        ItemReading.Gone => new NotifiedItem(NotifiedItemState.Gone),
        ItemReading.Unavailable => new NotifiedItem(NotifiedItemState.Unavailable),
        _ => throw new InvalidOperationException("The cases of ItemReading are closed."),
    };

    private static NotifiedItem Item(Wire.Ews.EwsItem item, NotifiedItemState state) =>
        new(state) { Subject = item.Subject, From = item.From, Received = item.Received };
}
