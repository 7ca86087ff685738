using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>
/// <c>m:SendNotificationResult</c> as a reply to a notification: OK acknowledges, Unsubscribe ends. Never answered. The subscription is
/// the one whose notification it replies to, and only its owner may acknowledge for it or end it.
/// </summary>
internal sealed class SendNotificationResultOperation(OwnMessageIds ids) : EwsOperation<SendNotificationResultRequest>
{
    public override string Name => "SendNotificationResult";

    public override bool ChangesState => true;

    protected override Task<OperationPlan> PlanAsync(
        OperationRequest request, SendNotificationResultRequest ews, CancellationToken cancellationToken) =>
        Task.FromResult<OperationPlan>(new OperationPlan.Commit(transaction => Run(transaction, request, ews.Status)));

    private OperationAnswer.None Run(IStoreTransaction transaction, OperationRequest request, SubscriptionStatus status)
    {
        if (ids.NotificationIn(request.InReplyTo) is not { } notification
            || transaction.Subscriptions.Find(notification.Subscription) is not { } subscription
            || subscription.Principal != request.Principal.Name)
        {
            return new OperationAnswer.None("SendNotificationResult: replies to none of the sender's notifications");
        }

        if (status == SubscriptionStatus.OK)
        {
            string taken = Acknowledgement.Take(transaction, subscription, notification.Sequence, request.ReceivedAt);
            return new OperationAnswer.None($"SendNotificationResult: OK for {subscription.PublicId}: {taken}") { ChangedSubscription = subscription.Id };
        }

        bool ended = transaction.Subscriptions.End(subscription.Id, EndReasons.UnsubscribedByReply, request.ReceivedAt);
        transaction.Outbox.DropOfSubscription(subscription.Id);
        return new OperationAnswer.None($"SendNotificationResult: {(ended ? "ended" : "had ended")} {subscription.PublicId}") { ChangedSubscription = subscription.Id };
    }
}
