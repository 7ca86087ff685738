using Relay.ExchangeSimulator.Mailboxes;
using Relay.ExchangeSimulator.Subscriptions;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>Every operation that the simulator answers, but GetStreamingEvents, whose answer never ends.</summary>
internal static class EwsOperations
{
    /// <param name="actions">Change the mailboxes.</param>
    /// <param name="subscriptions">All there are.</param>
    /// <param name="dialect">Where Exchange's versions differ.</param>
    /// <param name="startPush">Is told each new push subscription.</param>
    public static IEnumerable<IOperation> All(
        MailboxActions actions, SubscriptionTable subscriptions, SimulatorDialect dialect, Action<SimulatedSubscription> startPush)
    {
        var transport = new MailTransport(actions);
        return [
            new SubscribeOperation(subscriptions, dialect, startPush),
            new GetEventsOperation(subscriptions, dialect),
            new UnsubscribeOperation(subscriptions),
            new CreateItemOperation(actions, transport),
            new GetItemOperation(),
            new GetAttachmentOperation(),
            new UpdateItemOperation(actions),
            new TransferItemOperation("MoveItem", actions.Move),
            new TransferItemOperation("CopyItem", actions.Copy),
            new DeleteItemOperation(actions),
            new SendItemOperation(actions, transport),
            new GetFolderOperation(),
            new CreateFolderOperation(actions),
            new UpdateFolderOperation(actions),
            new MoveFolderOperation(actions),
            new DeleteFolderOperation(actions),
            new FindFolderOperation(),
            new FindItemOperation(),
            new SyncFolderItemsOperation(),
            new SyncFolderHierarchyOperation(),
            new ResolveNamesOperation(),
            new ConvertIdOperation(),
        ];
    }
}
