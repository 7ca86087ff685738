using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>
/// <c>m:GetEvents</c>: events after any retained watermark, at most 50. It takes nothing out of a queue, so it may be repeated when an
/// answer was lost on the way.
/// </summary>
internal sealed class GetEventsOperation(IStore store, WatermarkCodec watermarks) : EwsOperation<GetEventsRequest>
{
    public override string Name => "GetEvents";

    public override bool ChangesState => false;

    // The log is read here, on a snapshot: a long reading must not keep the one writer from its next commit.
    protected override Task<OperationPlan> PlanAsync(OperationRequest request, GetEventsRequest ews, CancellationToken cancellationToken) =>
        Task.FromResult<OperationPlan>(store.Read(transaction => Plan(transaction, request, ews)));

    private OperationPlan.Commit Plan(IStoreTransaction snapshot, OperationRequest request, GetEventsRequest ews)
    {
        switch (OwnedSubscription.Find(snapshot, request, ews.SubscriptionId))
        {
            case OwnedSubscription.Refused refused:
                return OperationPlan.Answer(Error(refused.Error));
            case OwnedSubscription.Found { Subscription: var subscription } when SubscriptionLease.HasRunOut(snapshot, subscription, request.ReceivedAt):
                return new OperationPlan.Commit(transaction =>
                {
                    transaction.Subscriptions.End(subscription.Id, EndReasons.Silent, request.ReceivedAt);
                    return Error(EwsErrors.ExpiredSubscription) with { ChangedSubscription = subscription.Id };
                });
            case OwnedSubscription.Found { Subscription: var subscription }:
                return Answer(snapshot, subscription, request, ews.Watermark);
            default:
                throw new InvalidOperationException("The cases of OwnedSubscription are closed.");
        }
    }

    private OperationPlan.Commit Answer(IStoreTransaction snapshot, Subscription subscription, OperationRequest request, string watermark)
    {
        if (watermarks.Decode(watermark) is not { } after
            || after.Value > snapshot.Events.End().Value
            || after.Value < snapshot.Events.OldestRetained().Value)
        {
            return OperationPlan.Answer(Error(EwsErrors.InvalidWatermark));
        }

        var page = EventPage.Read(snapshot.Events, subscription, after);
        var notification = NotificationShape.Describe(subscription, page, watermark, watermarks);
        var answer = new OperationAnswer.Response(
            writer => EwsResponseWriter.GetEventsResponse(writer, notification), $"GetEvents: {page.Events.Count} events")
        {
            ExtraFields = [.. page.Gaps.Select(gap => (GapField.Name, GapField.Value(gap)))],
        };
        return new OperationPlan.Commit(transaction =>
        {
            transaction.Subscriptions.Touch(subscription.Id, request.ReceivedAt);
            return answer;
        });
    }
}
