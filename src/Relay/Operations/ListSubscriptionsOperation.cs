using System.Globalization;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Operations;

/// <summary><c>r:ListSubscriptions</c>: those of the sender that have not ended.</summary>
internal sealed class ListSubscriptionsOperation(IStore store, WatermarkCodec watermarks) : RelayOperation
{
    public override string Name => "ListSubscriptions";

    public override bool ChangesState => false;

    public override Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        var described = store.Read(transaction => transaction.Subscriptions.OfPrincipal(request.Principal.Name)
            .Select(subscription => SubscriptionDescription.Of(transaction, subscription, watermarks))
            .ToArray<object?>());
        return Task.FromResult<OperationPlan>(OperationPlan.Answer(
            Respond(string.Create(CultureInfo.InvariantCulture, $"ListSubscriptions: {described.Length}"), described)));
    }
}
