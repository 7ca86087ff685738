using System.Xml.Linq;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>A subscription as its owner is told of it: <c>r:Subscription</c> with a leaf for each fact.</summary>
internal static class SubscriptionDescription
{
    public static XElement Of(IStoreTransaction transaction, Subscription subscription, WatermarkCodec watermarks)
    {
        var r = RelayOperation.Namespace;
        return new XElement(
            r + "Subscription",
            new XElement(r + "SubscriptionId", subscription.PublicId),
            new XElement(r + "Kind", subscription.Kind),
            new XElement(r + "State", subscription.State),
            new XElement(r + "Mailbox", transaction.Watches.AddressOf(subscription.MailboxId)),
            new XElement(
                r + "Folders",
                subscription.AllFolders
                    ? [new XElement(r + "Folder", "all")]
                    : subscription.Folders.Select(folder => new XElement(r + "Folder", folder.Name))),
            new XElement(r + "EventTypes", subscription.EventTypes),
            new XElement(r + "NotifyAddress", subscription.NotifyAddress),
            new XElement(r + "Watermark", watermarks.Encode(subscription.Cursor)),
            new XElement(r + "Sequence", subscription.Sequence),
            new XElement(r + "CreatedAt", subscription.CreatedAt),
            new XElement(r + "LastActivityAt", subscription.LastActivityAt),
            SubscriptionSettings.TryOf(subscription)?.Delivery is { } wishes ? DeliveryHeader.Write(wishes) : null);
    }
}
