using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Notifications;

/// <summary>What a subscription is to be told next.</summary>
/// <param name="Subscription">As it stood when the page was read.</param>
/// <param name="Stream">The stream that tells it; null for push.</param>
/// <param name="Mailbox">Its address.</param>
/// <param name="Page">Without events or gaps it is the status.</param>
/// <param name="Wishes">How the subscriber wants to be told.</param>
internal sealed record Due(Subscription Subscription, OpenStream? Stream, string Mailbox, EventPage Page, DeliveryWishes Wishes)
{
    /// <summary>Where the page ended before anything was left to the next mail.</summary>
    public LogPosition WholeTo { get; init; } = Page.Last;

    /// <summary>Whether the page is of what the log let go of untold.</summary>
    public bool IsOfDropped { get; init; }

    /// <summary>What is known of the items of the page, by their ids; null where it was not asked for.</summary>
    public IReadOnlyDictionary<string, NotifiedItem>? Items { get; init; }

    /// <summary>Whether Exchange is to be asked before it can be told.</summary>
    public bool NeedsItems => Items is null && Wishes.Content is not (null or DeliveryContent.Ids) && ItemHeader.ItemsOf(Page.Events).Count > 0;

    /// <summary>With what is known of the items, up to the first for which there was no room: that one is told by the next mail.</summary>
    public Due With(IReadOnlyDictionary<string, NotifiedItem> items)
    {
        int told = Page.Events.TakeWhile(logged => ItemHeader.ItemsOf([logged]).All(items.ContainsKey)).Count();
        var known = this with { Items = items };
        return told == 0 || told == Page.Events.Count ? known : known.First(told);
    }

    /// <summary>The first half, since all of it does not fit into a mail; null when there is nothing to be left out.</summary>
    public Due? Less()
    {
        if (Page.Events.Count > 1)
        {
            return First(Page.Events.Count / 2);
        }

        return Items is not null && Items.Values.Any(item => item.Content is not null)
            ? this with { Items = Items.ToDictionary(pair => pair.Key, pair => Without(pair.Value)) }
            : null;
    }

    // Net effects of less may name an item as it was called before it was moved or deleted, which nobody asked for: it is not there any more.
    private Due First(int count)
    {
        var page = Page.First(count);
        var older = ItemHeader.ItemsOf(page.Events).Except(ItemHeader.ItemsOf(Page.Events)).ToList();
        return this with
        {
            Page = page,
            Items = Items is null || older.Count == 0
                ? Items
                : Items.Concat(older.Select(id => KeyValuePair.Create(id, new NotifiedItem(NotifiedItemState.Gone)))).DistinctBy(pair => pair.Key).ToDictionary(),
        };
    }

    private static NotifiedItem Without(NotifiedItem item) =>
        item.Content is null ? item : item with { Content = null, State = NotifiedItemState.TooLarge };
}
