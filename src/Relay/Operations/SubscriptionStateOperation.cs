using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>
/// <c>r:GetSubscription</c>, <c>r:PauseSubscription</c>, <c>r:ResumeSubscription</c>: tells of one subscription of the sender, after holding it back or
/// letting it go on. Events that come while it is paused stay in the log and follow when it is resumed.
/// </summary>
/// <param name="name">The operation's.</param>
/// <param name="newState">What it becomes; null leaves it.</param>
/// <param name="watermarks">For the description.</param>
internal sealed class SubscriptionStateOperation(string name, SubscriptionState? newState, WatermarkCodec watermarks) : RelayOperation
{
    public override string Name => name;

    public override bool ChangesState => newState is not null;

    public override Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        string? publicId = request.Body.Elements().FirstOrDefault(child => child.Name.LocalName == "SubscriptionId")?.Value.Trim();
        return Task.FromResult<OperationPlan>(publicId is { Length: > 0 }
            ? new OperationPlan.Commit(transaction => Run(transaction, request, publicId))
            : new OperationPlan.Fault(EwsFaults.SchemaViolation(OwnSchema.Missing(request, Namespace + "SubscriptionId"))));
    }

    private OperationAnswer.Response Run(IStoreTransaction transaction, OperationRequest request, string publicId)
    {
        switch (OwnedSubscription.Find(transaction, request, publicId))
        {
            case OwnedSubscription.Refused { Error: var error }:
                return new OperationAnswer.Response(writer => EwsResponseWriter.ErrorResponse(writer, Name, error), $"{Name}: {error.ResponseCode}");
            case OwnedSubscription.Found { Subscription: var subscription }:
                if (newState is { } state)
                {
                    transaction.Subscriptions.SetState(subscription.Id, state, state == SubscriptionState.Paused ? "paused by its owner" : null, request.ReceivedAt);
                    subscription = subscription with { State = state };
                }

                return Respond($"{Name}: {publicId}", SubscriptionDescription.Of(transaction, subscription, watermarks)) with
                {
                    ChangedSubscription = newState is null ? null : subscription.Id,
                };
            default:
                throw new InvalidOperationException("The cases of OwnedSubscription are closed.");
        }
    }
}
