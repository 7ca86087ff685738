using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary><c>m:Unsubscribe</c>: ends a subscription of any kind; nothing is mailed for it afterwards.</summary>
internal sealed class UnsubscribeOperation : EwsOperation<UnsubscribeRequest>
{
    public override string Name => "Unsubscribe";

    public override bool ChangesState => true;

    protected override Task<OperationPlan> PlanAsync(OperationRequest request, UnsubscribeRequest ews, CancellationToken cancellationToken) =>
        Task.FromResult<OperationPlan>(new OperationPlan.Commit(transaction =>
        {
            switch (OwnedSubscription.Find(transaction, request, ews.SubscriptionId))
            {
                case OwnedSubscription.Refused refused:
                    return Error(refused.Error);
                case OwnedSubscription.Found found:
                    transaction.Subscriptions.End(found.Subscription.Id, EndReasons.Unsubscribed, request.ReceivedAt);
                    transaction.Outbox.DropOfSubscription(found.Subscription.Id);
                    return new OperationAnswer.Response(EwsResponseWriter.UnsubscribeResponse, $"Unsubscribe: {ews.SubscriptionId}")
                    {
                        ChangedSubscription = found.Subscription.Id,
                    };
                default:
                    throw new InvalidOperationException("The cases of OwnedSubscription are closed.");
            }
        }));
}
