using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>
/// <c>m:SendNotificationResult</c> as a reply to a notification: OK acknowledges, Unsubscribe ends. Never answered. The subscription is
/// the one whose notification it replies to, and only its owner may end it.
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
        if (ids.SubscriptionIn(request.InReplyTo) is not { } id
            || transaction.Subscriptions.Find(id) is not { } subscription
            || subscription.Principal != request.Principal.Name)
        {
            return new OperationAnswer.None("SendNotificationResult: replies to none of the sender's notifications");
        }

        if (status == SubscriptionStatus.OK)
        {
            transaction.Subscriptions.Touch(id, request.ReceivedAt);
            return new OperationAnswer.None($"SendNotificationResult: OK for {subscription.PublicId}");
        }

        transaction.Subscriptions.End(id, "unsubscribed by SendNotificationResult", request.ReceivedAt);
        transaction.Outbox.DropOfSubscription(id);
        return new OperationAnswer.None($"SendNotificationResult: ended {subscription.PublicId}") { ChangedSubscription = id };
    }
}
